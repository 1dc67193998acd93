import type { Document } from 'mongodb'
import { expect, it } from 'vitest'
import { Long, useServer } from './server-under-test.ts'

const server = useServer()

/** A command, the code it is refused with (of the command itself, or of its first write), and the source. */
type ErrorRow = [command: Document, code: number, source: string]

const update = (u: unknown, more: Document = {}): Document => ({
  update: 'c',
  updates: [{ q: { _id: 1 }, u, ...more }],
})
const index = (more: Document): Document => ({ createIndexes: 'c', indexes: [{ key: { b: 1 }, name: 'b', ...more }] })
const stage = (one: unknown): Document => ({ aggregate: 'c', pipeline: [one], cursor: {} })
const gateway = 'reference: its gateway has no number for it'

/** On a collection of one document `{ _id: 1, a: 1, s: 'x', list: [1, 2] }` with an index on `a`. */
const rows: ErrorRow[] = [
  // commands and their fields
  [{ nonsense: 1 }, 59, 'manual: Error Codes'],
  [{ find: 'c', nonsense: 1 }, 40415, 'server: idl_parser.cpp; reference: 2'],
  [{ find: '' }, 73, 'server: namespace_string'],
  [{ find: 5 }, 73, 'server: commands.cpp; reference: 14'],
  [{ insert: 'system.x', documents: [{}] }, 73, 'manual: Restrictions on Collection Names'],
  [{ find: 'c', filter: 5 }, 14, 'manual: find'],
  [{ find: 'c', singleBatch: 'x' }, 14, 'manual: find'],
  [{ find: 'c', skip: -1 }, 51024, `manual: find; ${gateway}`],
  [{ find: 'c', hint: 'nope' }, 2, 'manual: find'],
  [{ find: 'c', hint: 5 }, 9, 'server: hint_parser.cpp; reference: 14'],
  [{ find: 'c', sort: { a: 2 } }, 15975, `manual: sort; ${gateway}`],
  [{ find: 'c', sort: { a: 'x' } }, 15974, `server: sort_pattern.cpp; ${gateway}`],
  [{ find: 'c', sort: { $natural: 5 } }, 2, 'manual: $natural'],
  [{ find: 'c', sort: { $natural: 1, a: 1 } }, 2, 'manual: $natural'],
  [{ distinct: 'c' }, 40414, 'manual: distinct; reference: 2'],
  [{ insert: 'c' }, 40414, `manual: insert; ${gateway}`],
  [{ insert: 'c', documents: 5 }, 14, 'manual: insert'],
  [{ getMore: Long.fromNumber(5), collection: 'c' }, 43, 'manual: getMore'],
  [{ create: 'c' }, 48, 'manual: create; reference: takes it'],
  [{ drop: '' }, 73, 'server: namespace_string; reference: 26'],
  [{ listIndexes: 'nope' }, 26, 'manual: listIndexes'],
  // updates and deletes
  [{ update: 'c', updates: [{ u: { $set: { b: 1 } } }] }, 40414, `manual: update; ${gateway}`],
  [{ update: 'c', updates: [5] }, 14, 'manual: update'],
  [update({ $set: { b: 1 } }, { upsert: 'x' }), 14, 'manual: update'],
  [update({ $set: { b: 1 } }, { arrayFilters: 5 }), 14, 'manual: update'],
  [update({ $bogus: { a: 1 } }), 9, 'manual: Update Operators'],
  [update({ a: 1 }, { multi: true }), 9, 'manual: update'],
  [update({ $set: { 'a.b': 1 } }), 28, 'manual: $set'],
  [update({ $set: { a: 1 }, $inc: { a: 1 } }), 40, 'manual: Update Operators'],
  [update({ $set: { _id: 2 } }), 66, 'manual: $set'],
  [update([{ $group: { _id: 1 } }]), 72, 'server: pipeline.cpp; reference: 59'],
  [update({ $inc: { s: 1 } }), 14, 'manual: $inc'],
  [update({ $set: { '$[]': 1 } }), 2, 'server: update_object_node.cpp'],
  [update({ $set: { 'a..b': 1 } }), 56, 'server: field_checker.cpp; reference: 2'],
  [update({ $set: { $a: 1 } }), 52, 'server: storage_validation.cpp; reference: 2'],
  [update({ $push: { list: { $each: [1], $sort: {} } } }), 2, 'server: push_node.cpp'],
  [update({ $push: { list: { $each: [1], $sort: { a: 5 } } } }), 2, 'server: push_node.cpp'],
  [{ delete: 'c', deletes: [{ limit: 0 }] }, 40414, `manual: delete; ${gateway}`],
  [{ delete: 'c', deletes: [{ q: {} }] }, 40414, `manual: delete; ${gateway}`],
  [{ delete: 'c', deletes: [{ q: {}, limit: 1.5 }] }, 9, 'server: write_ops.cpp'],
  [{ findAndModify: 'c', query: {} }, 9, 'manual: findAndModify'],
  // indexes
  [index({ name: 'b', key: { a: 1 } }), 85, 'server: index_catalog_impl.cpp'],
  [index({ name: 'a_1' }), 86, 'server: index_catalog_impl.cpp'],
  [index({ name: 'a_1', key: { a: 1 }, unique: true }), 86, 'server: index_catalog_impl.cpp'],
  [index({ name: 'a_1', key: { a: 1 }, expireAfterSeconds: 5 }), 85, 'server: index_catalog_impl.cpp'],
  [{ createIndexes: 'c', indexes: [index({}).indexes[0], index({}).indexes[0]] }, 68, 'manual: Error Codes'],
  [index({ key: {} }), 67, 'manual: createIndexes'],
  [index({ key: { b: 0 } }), 67, 'manual: createIndexes'],
  [index({ name: '' }), 67, 'server: index_key_validate.cpp'],
  [index({ name: '*' }), 2, 'server: index_key_validate.cpp'],
  [index({ name: '_id_' }), 2, 'server: index_key_validate.cpp; reference: 86'],
  [index({ key: { _id: 1 }, unique: true }), 197, 'server: index_key_validate.cpp; reference: 86'],
  [index({ bogus: 1 }), 197, 'manual: createIndexes'],
  [index({ sparse: true, partialFilterExpression: { b: 1 } }), 67, 'manual: Partial Indexes; reference: 197'],
  [index({ partialFilterExpression: { b: { $ne: 1 } } }), 67, 'manual: Partial Indexes'],
  [index({ partialFilterExpression: { b: { $exists: false } } }), 67, 'manual: Partial Indexes'],
  [index({ partialFilterExpression: { b: /x/ } }), 67, 'manual: Partial Indexes'],
  [{ dropIndexes: 'c', index: 'nope' }, 27, 'manual: dropIndexes'],
  [{ dropIndexes: 'c', index: { nope: 1 } }, 27, 'manual: dropIndexes'],
  [{ dropIndexes: 'c', index: '_id_' }, 72, 'manual: dropIndexes'],
  [{ dropIndexes: 'c', index: 5 }, 14, 'manual: dropIndexes'],
  // stages
  [stage({}), 40323, `server: pipeline.cpp; ${gateway}`],
  [stage({ $match: 5 }), 15959, `server: document_source_match.cpp; ${gateway}`],
  [stage({ $sort: 5 }), 15973, `server: document_source_sort.cpp; reference: 2`],
  [stage({ $limit: 0 }), 15958, `server: document_source_limit.cpp; ${gateway}`],
  [stage({ $unwind: 5 }), 15981, `server: document_source_unwind.cpp; ${gateway}`],
  [stage({ $unwind: '$$a' }), 16410, `server: field_path.cpp; ${gateway}`],
  [
    stage({ $unwind: { path: '$a', includeArrayIndex: '$i' } }),
    28822,
    `server: document_source_unwind.cpp; ${gateway}`,
  ],
  [stage({ $replaceRoot: 5 }), 40229, `server: document_source_replace_root.cpp; ${gateway}`],
  [
    stage({ $lookup: { from: 'c', localField: '$a', foreignField: 'b', as: 'c' } }),
    16410,
    'server: field_path.cpp; reference: 2',
  ],
  [stage({ $project: { a: { $switch: {} } } }), 40068, `server: expression.cpp; ${gateway}`],
  [stage({ $project: { a: { $cond: { if: 1 } } } }), 17081, `server: expression.cpp; ${gateway}`],
]

it('takes NaN for no limit and none to skip, and any number for a limit', async ({ skip }) => {
  skip(await server.isReference(), 'it refuses NaN where MongoDB takes 0')
  await server.db().collection('c').insertOne({})
  for (const limit of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const answer = await server.db().command({ find: 'c', limit, skip: Number.NaN })
    expect(answer.cursor.firstBatch).not.toHaveLength(0)
  }
})

for (const [command, code, source] of rows) {
  it(`${JSON.stringify(command)} is refused with ${code} (${source})`, async ({ skip }) => {
    const db = server.db()
    await db.dropCollection('c').catch(() => undefined)
    await db.collection('c').insertOne({ _id: 1 as never, a: 1, s: 'x', list: [1, 2] })
    await db.createIndex('c', { a: 1 })
    const answer = await db.command(command).catch((error) => error)
    const given = answer.writeErrors?.[0].code ?? answer.code
    if (source.includes('reference:') && given !== code && (await server.isReference())) skip(source)
    expect(given, answer.message).toBe(code)
  })
}
