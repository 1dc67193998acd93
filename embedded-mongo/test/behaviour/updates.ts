import type { Document, Filter } from 'mongodb'
import { decimal, double, long } from '../server-under-test.ts'

export interface UpdateRow {
  before: Document | undefined
  update: Document | Document[]
  after: Document | { code: number }
  source: string
  filter?: Filter<Document>
  arrayFilters?: Document[]
  upsert?: true
  /** How many documents count as changed. */
  modified?: number
}

const row = (
  before: Document | undefined,
  update: Document | Document[],
  after: Document,
  source: string,
  more: Partial<UpdateRow> = {},
): UpdateRow => ({
  before,
  update,
  after,
  source,
  ...more,
})
const code = (number: number) => ({ code: number })
const upsert = true as const

export const updates: UpdateRow[] = [
  row({ a: 1 }, { $set: { a: 2, 'b.c': 3 } }, { a: 2, b: { c: 3 } }, 'manual: $set'),
  row({ a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }, 'manual: $unset'),
  row({ a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }, 'manual: $unset'),
  row({ a: 1 }, { $inc: { a: 2, b: 5 } }, { a: 3, b: 5 }, 'manual: $inc'),
  row({ a: 2 }, { $mul: { a: 3, b: 2 } }, { a: 6, b: 0 }, 'manual: $mul'),
  row({ a: 5, b: 5 }, { $min: { a: 3 }, $max: { b: 9 } }, { a: 3, b: 9 }, 'manual: $min'),
  row({ a: 1 }, { $rename: { a: 'b.c' } }, { b: { c: 1 } }, 'manual: $rename'),
  row({ a: [1] }, { $push: { a: 2 } }, { a: [1, 2] }, 'manual: $push'),
  row({ a: [3] }, { $push: { a: { $each: [1, 2], $sort: 1 } } }, { a: [1, 2, 3] }, 'manual: $sort (update modifier)'),
  row({ a: [1, 2] }, { $push: { a: { $each: [9], $position: 0, $slice: 2 } } }, { a: [9, 1] }, 'manual: $position'),
  row({ a: [1, 2] }, { $push: { a: { $each: [3], $slice: -2 } } }, { a: [2, 3] }, 'manual: $slice (update modifier)'),
  row(
    { a: [{ x: 2 }] },
    { $push: { a: { $each: [{ x: 1 }], $sort: { x: 1 } } } },
    { a: [{ x: 1 }, { x: 2 }] },
    'manual: $sort (update modifier)',
  ),
  row({ a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }, 'manual: $addToSet'),
  row({ a: [1, 2, 3] }, { $pop: { a: -1 } }, { a: [2, 3] }, 'manual: $pop'),
  row({ a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }, 'manual: $pull'),
  row({ a: [{ x: 1, y: 1 }, { x: 2 }] }, { $pull: { a: { x: 1 } } }, { a: [{ x: 2 }] }, 'manual: $pull'),
  row({ a: [[0, 1], 2, 0] }, { $pull: { a: { $gt: 0.5 } } }, { a: [0] }, 'server: pull_node.cpp'),
  row({ a: [[5], 5, 6] }, { $pull: { a: 5 } }, { a: [[5], 6] }, 'server: pull_node.cpp'),
  row({ a: [['ab'], 'c'] }, { $pull: { a: { $regex: 'a' } } }, { a: ['c'] }, 'server: pull_node.cpp'),
  row({ a: [1, 2, 1, 3] }, { $pullAll: { a: [1, 3] } }, { a: [2] }, 'manual: $pullAll'),
  row({ a: [1, 5, 9] }, { $set: { 'a.$': 0 } }, { a: [1, 0, 9] }, 'manual: $ (update)', { filter: { a: 5 } }),
  row(
    {
      a: [
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ],
    },
    { $inc: { 'a.$.y': 10 } },
    {
      a: [
        { x: 1, y: 1 },
        { x: 2, y: 12 },
      ],
    },
    'manual: $ (update)',
    { filter: { 'a.x': 2 } },
  ),
  row({ a: [1, 2] }, { $mul: { 'a.$[]': 2 } }, { a: [2, 4] }, 'manual: $[]'),
  row({ a: [1, 5, 9] }, { $set: { 'a.$[e]': 0 } }, { a: [1, 0, 0] }, 'manual: $[<identifier>]', {
    arrayFilters: [{ e: { $gte: 5 } }],
  }),
  row(
    {
      a: [
        { k: 1, v: 1 },
        { k: 2, v: 1 },
      ],
    },
    { $inc: { 'a.$[e].v': 1 } },
    {
      a: [
        { k: 1, v: 1 },
        { k: 2, v: 2 },
      ],
    },
    'manual: $[<identifier>]',
    { arrayFilters: [{ 'e.k': 2 }] },
  ),
  row(
    { a: 1 },
    [{ $set: { b: { $add: ['$a', 1] } } }, { $unset: 'a' }],
    { b: 2 },
    'manual: Updates with Aggregation Pipeline',
  ),
  row({ a: 1 }, [{ $replaceWith: { $mergeObjects: ['$$ROOT', { z: 1 }] } }], { a: 1, z: 1 }, 'manual: $replaceWith'),
  row({ a: 1, b: 2 }, [{ $project: { b: 1 } }], { b: 2 }, 'manual: $project'),
  row(
    { a: 1 },
    [{ $set: { b: { $cond: [{ $gt: ['$a', 0] }, 'yes', 'no'] }, c: '$$REMOVE' } }],
    { a: 1, b: 'yes' },
    'manual: $cond',
  ),
  row(undefined, { $set: { b: 1 }, $setOnInsert: { c: 2 } }, { a: 5, b: 1, c: 2 }, 'manual: $setOnInsert', {
    upsert,
    filter: { _id: 1 as never, a: 5 },
  }),
  row({ a: 1 }, { $set: { b: 1 }, $setOnInsert: { c: 2 } }, { a: 1, b: 1 }, 'manual: $setOnInsert', { upsert }),
  row({ n: { y: double(1) } }, { $set: { a: 1 } }, { n: { y: double(1) }, a: 1 }, 'facts: P1'),
  row({ a: 2147483647 }, { $inc: { a: 1 } }, { a: long('2147483648') }, 'facts: P2'),
  row({ a: long('9223372036854775807') }, { $inc: { a: 1 } }, code(2), 'facts: P2'),
  row({ a: 1 }, { $inc: { a: double(2) } }, { a: double(3) }, 'facts: P2'),
  row({}, { $mul: { a: long(2) } }, { a: long(0) }, 'facts: P2'),
  row({ a: decimal('0') }, { $inc: { a: 0.5 } }, { a: decimal('0.500000000000000') }, 'facts: P2'),
  row({ n: { x: 1 } }, { $inc: { 'n.x': decimal('0') } }, { n: { x: decimal('1') } }, 'facts: P5', { modified: 1 }),
  row({ n: Number.NaN, a: 1 }, { $set: { a: 1 } }, { n: Number.NaN, a: 1 }, 'facts: P5', { modified: 0 }),
  row({ a: 1 }, { $set: { a: double(1) } }, { a: double(1) }, 'facts: P5', { modified: 1 }),
  row({ a: 1 }, { $inc: { a: 0 } }, { a: 1 }, 'facts: R8, not to copy', { modified: 0 }),
  row({}, { $push: { a: { $each: [] } } }, { a: [] }, 'facts: R8, not to copy', { modified: 1 }),
  row({ a: [1] }, { $addToSet: { a: { $each: [] } } }, { a: [1] }, 'facts: R8, not to copy', { modified: 0 }),
  row({ a: [1] }, { $push: { a: double(2) } }, { a: [1, double(2)] }, 'facts: P1'),
  row({ a: true }, { $inc: { a: 2 } }, code(14), 'facts: R4, not to copy'),
  row({}, { $pop: { 'o.x': 1 } }, {}, 'facts: R5, not to copy'),
  row({ a: 1 }, { $set: { 'a.$[]': 2 } }, code(2), 'facts: R14, not to copy'),
  row(undefined, { $set: { a: 1 }, $setOnInsert: { a: 2 } }, code(40), 'facts: R9, not to copy'),
  row(undefined, { $rename: { a: 'c', b: 'c' } }, code(40), 'facts: R9, not to copy'),
  row({ r: [1] }, { $set: { 'r.0': 1 }, $min: { 'r.0': 0 } }, code(40), 'facts: R9, not to copy'),
  row(
    { a: [1, { x: 1 }, { x: 5 }] },
    { $pull: { a: { $or: [{ x: 1 }, { x: 2 }] } } },
    { a: [1, { x: 5 }] },
    'facts: R13, not to copy',
  ),
  row({ a: 1 }, { $bit: { a: { and: 1 } } }, code(9), 'facts: embedded-store, left out'),
  row(undefined, { $min: { r: 1 }, $mul: { 'r.0': 2 } }, code(40), 'facts: P17'),
  row(undefined, { $set: { 'o.$[].x': 1, 'o.0': 2 } }, code(40), 'server: update_object_node.cpp'),
  row(undefined, { $set: { z: 1 } }, { a: 5, z: 1 }, 'server: jstests/core/upsert_fields.js', {
    upsert,
    filter: { a: { $in: [5] } },
  }),
  row(
    { a: decimal('1.0') },
    { $inc: { a: double(0) } },
    { a: decimal('1.0') },
    'server: decimal128.cpp; reference: 15 digits',
    {
      modified: 0,
    },
  ),
  row(undefined, { $rename: { n: 'n.z' } }, code(2), 'server: rename_node.cpp; reference: 40 (so facts: P17)'),
  row({ r: [] }, { $min: { 'r.4': 1 }, $mul: { 'r.1': long(3) } }, { r: [null, long(0), null, null, 1] }, 'facts: P18'),
  row({ n: 1 }, { $pop: { 'n.y': 1 } }, code(28), 'facts: P20'),
  row({ n: 1 }, { $pull: { 'n.y': 1 } }, code(28), 'facts: P20'),
  row({ n: [1] }, { $pullAll: { 'n.y': [1] } }, code(28), 'facts: P20'),
  row({ n: 1 }, { $rename: { 'n.y': 'z' } }, code(28), 'facts: P20'),
  row({ a: { b: { a: [1] } } }, { $rename: { 'a.b.a.0': 'z' } }, code(2), 'server: rename_node.cpp'),
  row({ n: 1 }, { $unset: { 'n.y': '' } }, { n: 1 }, 'facts: P20'),
  row({ a: [1], b: 2 }, { $rename: { b: 'a.0' } }, code(2), 'facts: P20'),
  row({ a: [1] }, { $set: { 'a.2000000': 1 } }, code(34), 'facts: P20'),
  row({ r: [1, 2] }, { $set: { 'r.$': 0 } }, code(2), 'facts: P21; reference: R6', { filter: { r: { $ne: 7 } } }),
  row({ r: [1, 2] }, { $set: { 'r.$': 0 } }, code(2), 'facts: P21; reference: R6', { filter: { r: { $nin: [7] } } }),
  row({ r: [1, 2] }, { $set: { 'r.$': 0 } }, code(2), 'facts: P21', { filter: { r: { $not: { $gt: 7 } } } }),
  row({ r: [1, 2] }, { $set: { 'r.$': 0 } }, code(2), 'server: matcher/path.cpp; reference: R6', {
    filter: { 'r.1': 2 },
  }),
  row({ a: [{ b: [4, 5] }] }, { $set: { 'a.0.b.$': 0 } }, { a: [{ b: [4, 0] }] }, 'server: matcher/path.cpp', {
    filter: { 'a.0.b': 5 },
  }),
  row({ r: [1, []] }, { $push: { 'r.$': 0 } }, { r: [1, [0]] }, 'facts: P21', { filter: { r: { $lt: [{}] } } }),
  row({ o: [{}, { v: [2] }] }, { $set: { 'o.$.v': 9 } }, { o: [{}, { v: 9 }] }, 'facts: R12, not to copy', {
    filter: { 'o.v': { $gte: 1 } },
  }),
  row({ r: [1, []] }, { $set: { 'r.$': 0 } }, { r: [1, 0] }, 'facts: P21', { filter: { r: { $lt: [{}] } } }),
  row({ a: [1] }, { $set: { b: 1 } }, code(9), 'facts: P22', { arrayFilters: [{ e: 1 }] }),
  row({ a: [1] }, { $set: { 'a.$[e]': 1 } }, code(9), 'facts: P22', { arrayFilters: [{ e: 1 }, { e: 2 }] }),
  row(undefined, { $set: { z: 1 } }, code(224), 'assumed', { upsert, filter: { $expr: { $eq: ['$a', 1] } } }),
  row(undefined, { $set: { z: 1 } }, code(54), 'facts: P23', { upsert, filter: { a: 1, 'a.b': 2 } }),
  row(undefined, { $set: { z: 1 } }, code(54), 'facts: P23', { upsert, filter: { n: { $all: [1, 2] } } }),
  row(
    { a: 1 },
    { $set: { b: JSON.parse('{"__proto__": 1}') } },
    { a: 1, b: JSON.parse('{"__proto__": 1}') },
    'facts: P24',
  ),
  row({ a: 'x' }, { $inc: { a: 1 } }, code(14), 'manual: $inc'),
  row({ a: 1 }, { $push: { a: 1 } }, code(2), 'manual: $push'),
  row({ a: 1 }, { $set: { 'a.b': 1 } }, code(28), 'manual: $set'),
  row({ a: 1 }, { $set: { _id: 2 } }, code(66), 'manual: $set'),
  row({ a: 1 }, { $bogus: { a: 1 } }, code(9), 'manual: Update Operators'),
  row(undefined, { $set: { a: 1 }, $inc: { a: 1 } }, code(40), 'manual: Update Operators'),
  row({}, { $set: { b: 1, a: 1, c10: 1, c9: 1 } }, { a: 1, b: 1, c10: 1, c9: 1 }, 'facts: R10, not to copy'),
]
