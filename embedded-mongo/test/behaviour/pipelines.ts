import type { Document } from 'mongodb'
import { decimal, double, long, ObjectId } from '../server-under-test.ts'

/** Documents (ids are given by place), the stages, and what comes out, or an error's code. */
export type PipelineRow = [
  documents: Document[],
  pipeline: Document[],
  out: Document[] | { code: number },
  source: string,
]

export const pipelines: PipelineRow[] = [
  [[{ a: 1 }, { a: 2 }], [{ $match: { a: 2 } }], [{ _id: 1, a: 2 }], 'manual: $match'],
  [
    [{ at: new Date(5), by: 3 }],
    [{ $project: { later: { $add: ['$at', '$by'] }, sooner: { $subtract: ['$at', '$by'] } } }],
    [{ _id: 0, later: new Date(8), sooner: new Date(2) }],
    'manual: $add, $subtract',
  ],
  [[{ at: new Date(5), by: 1e300 }], [{ $project: { x: { $add: ['$at', '$by'] } } }], { code: 15 }, 'assumed'],
  [
    [{ a: 1 }, { a: 3 }, { a: 2 }],
    [{ $sort: { a: -1 } }, { $skip: 1 }, { $limit: 1 }],
    [{ _id: 2, a: 2 }],
    'manual: $sort',
  ],
  [[{ a: 3 }, { a: 1 }], [{ $limit: 1 }, { $match: { a: 1 } }], [], 'manual: $limit'],
  [
    [
      { k: 1, v: 2 },
      { k: 1, v: 3 },
    ],
    [{ $group: { _id: '$k', sum: { $sum: '$v' }, all: { $push: '$v' }, avg: { $avg: '$v' }, n: { $count: {} } } }],
    [{ _id: 1, sum: 5, all: [2, 3], avg: 2.5, n: 2 }],
    'manual: $group',
  ],
  [
    [{ v: 2 }, { v: 9 }],
    [
      {
        $group: {
          _id: null,
          min: { $min: '$v' },
          max: { $max: '$v' },
          first: { $first: '$v' },
          last: { $last: '$v' },
          set: { $addToSet: '$x' },
        },
      },
    ],
    [{ _id: null, min: 2, max: 9, first: 2, last: 9, set: [] }],
    'manual: $addToSet (a missing field adds nothing); reference: adds null for it',
  ],
  [
    [{ v: decimal('0.1') }, { v: decimal('0.2') }],
    [{ $group: { _id: null, sum: { $sum: '$v' } } }],
    [{ _id: null, sum: decimal('0.3') }],
    'facts: Aggregation',
  ],
  [
    [{ v: long(5) }],
    [{ $addFields: { w: { $add: ['$v', 1] } } }],
    [{ _id: 0, v: long(5), w: long(6) }],
    'facts: Aggregation',
  ],
  [[{ v: long(10) }], [{ $project: { g: { $gt: ['$v', 9] } } }], [{ _id: 0, g: true }], 'facts: Aggregation'],
  [[{ v: double(3) }], [{ $project: { v: 1 } }], [{ _id: 0, v: double(3) }], 'facts: P1'],
  [[{ a: 1 }, {}], [{ $count: 'n' }], [{ n: 2 }], 'manual: $count'],
  [
    [{ a: [1, 2] }, { a: [] }],
    [{ $unwind: '$a' }],
    [
      { _id: 0, a: 1 },
      { _id: 0, a: 2 },
    ],
    'manual: $unwind',
  ],
  [[{ a: [] }], [{ $unwind: { path: '$a', preserveNullAndEmptyArrays: true } }], [{ _id: 0 }], 'manual: $unwind'],
  [[{ a: { b: 1 } }], [{ $replaceRoot: { newRoot: '$a' } }], [{ b: 1 }], 'manual: $replaceRoot'],
  [
    [{ a: new Date(5000) }],
    [{ $project: { d: { $subtract: ['$a', new Date(1000)] }, e: { $add: ['$a', 1] } } }],
    [{ _id: 0, d: long(4000), e: new Date(5001) }],
    'facts: Aggregation',
  ],
  [
    [{ a: new Date(0) }],
    [{ $project: { d: { $dateAdd: { startDate: '$a', unit: 'month', amount: 1 } } } }],
    [{ _id: 0, d: new Date('1970-02-01') }],
    'manual: $dateAdd',
  ],
  [
    [{ a: new Date('2024-02-29T12:00:00Z') }],
    [
      {
        $project: {
          _id: 0,
          year: { $dateAdd: { startDate: '$a', unit: 'year', amount: -1 } },
          month: { $dateAdd: { startDate: '$a', unit: 'month', amount: 23 } },
          quarter: { $dateAdd: { startDate: '$a', unit: 'quarter', amount: -5 } },
        },
      },
    ],
    [
      {
        year: new Date('2023-02-28T12:00:00Z'),
        month: new Date('2026-01-29T12:00:00Z'),
        quarter: new Date('2022-11-29T12:00:00Z'),
      },
    ],
    'manual: $dateAdd',
  ],
  [
    [{ a: new Date(5) }],
    [{ $project: { d: { $dateAdd: { startDate: '$a', unit: 'day', amount: null } } } }],
    [{ _id: 0, d: null }],
    'server: date_add_subtract.js',
  ],
  // Dates reach further than those of JavaScript: in years as well.
  [
    [{ a: new Date(5) }],
    [{ $project: { d: { $subtract: [{ $dateAdd: { startDate: '$a', unit: 'year', amount: 1e6 } }, '$a'] } } }],
    [{ _id: 0, d: long('31556952000000000') }],
    'server: date_time_support.cpp; reference: overflows sooner',
  ],
  [
    [{ a: new Date(5) }],
    [{ $project: { d: { $dateAdd: { startDate: '$a', unit: 'year', amount: 300_000_000 } } } }],
    { code: 5166406 },
    'server: date_add_subtract.js; reference: its gateway has no number for it',
  ],
  [
    [{ a: new Date(5) }],
    [{ $match: { $expr: { $lt: ['$a', { $dateAdd: { startDate: '$a', unit: 'day', amount: long(2e11) } }] } } }],
    { code: 5166406 },
    'server: date_time_support.cpp; reference: its gateway has no number for it',
  ],
  [
    [{ a: new Date(5) }],
    [{ $project: { d: { $dateAdd: { startDate: '$a', unit: 'month', amount: 30_000_000_000 } } } }],
    { code: 5976500 },
    'server: date_add_subtract.js; reference: its gateway has no number for it',
  ],
  [
    [{ a: new Date(5) }],
    [{ $project: { d: { $dateAdd: { startDate: '$a', unit: 1, amount: 1 } } } }],
    { code: 5166404 },
    'server: date_add_subtract.js; reference: its gateway has no number for it',
  ],
  [
    [{ a: new Date(5) }],
    [{ $project: { d: { $dateAdd: { startDate: '$a', unit: 'constructor', amount: 1 } } } }],
    { code: 9 },
    'server: date_add_subtract.js',
  ],
  [
    [{ a: 1 }],
    [{ $group: { _id: null, n: { constructor: '$a' } } }],
    { code: 15952 },
    'server: accumulation_statement.cpp',
  ],
  [
    [
      { a: 2, b: double(2) },
      { a: long(2), b: -0 },
      { a: 3, b: 0 },
    ],
    [{ $group: { _id: null, a: { $addToSet: '$a' }, b: { $addToSet: '$b' } } }],
    [{ _id: null, a: [2, 3], b: [double(2), double(-0)] }],
    'manual: $addToSet',
  ],
  [
    [{ a: null }],
    [
      {
        $project: {
          _id: 0,
          last: { $ifNull: ['$a', null] },
          first: { $ifNull: ['$zz', 0, { $divide: ['$a', 1] }] },
          and: { $and: [1, '$a', { $divide: [1, 0.5] }] },
          or: { $or: ['$a', 0] },
          least: { $min: [3, '$a', 2] },
        },
      },
    ],
    [{ last: null, first: 0, and: false, or: false, least: 2 }],
    'manual: $ifNull, $and, $or, $min',
  ],
  [
    [{ a: 7 }],
    [{ $project: { s: { $concat: ['n', { $toString: '$a' }] }, t: { $type: '$a' }, q: { $divide: ['$a', 2] } } }],
    [{ _id: 0, s: 'n7', t: 'int', q: 3.5 }],
    'manual: $concat',
  ],
  [
    [{ a: 5 }],
    [
      {
        $project: {
          // biome-ignore lint/suspicious/noThenProperty: MongoDB's name
          s: { $switch: { branches: [{ case: { $gt: ['$a', 3] }, then: 'big' }], default: 'small' } },
          n: { $ifNull: ['$zz', 'none'] },
        },
      },
    ],
    [{ _id: 0, s: 'big', n: 'none' }],
    'manual: $switch',
  ],
  [
    [{ a: [1, 2] }],
    [
      {
        $project: {
          n: { $size: '$a' },
          i: { $in: [2, '$a'] },
          e: { $arrayElemAt: ['$a', -1] },
          c: { $concatArrays: ['$a', [9]] },
        },
      },
    ],
    [{ _id: 0, n: 2, i: true, e: 2, c: [1, 2, 9] }],
    'manual: $size',
  ],
  [[], [{ $bogus: {} }], { code: 40324 }, 'manual: Aggregation Stages; reference: its gateway has no number for it'],
  [[], [{ $bucket: { groupBy: '$a', boundaries: [0, 1] } }], { code: 40324 }, 'facts: Aggregation, left out'],
  [[], [{ $redact: '$$PRUNE' }], { code: 40324 }, 'facts: Aggregation, left out'],
  [[], [{ $setWindowFields: {} }], { code: 40324 }, 'facts: Aggregation, left out'],
  [
    [],
    [{ $group: { _id: 1, t: { $top: { output: '$a', sortBy: { a: 1 } } } } }],
    { code: 15952 },
    'facts: Aggregation, left out',
  ],
  [[], [{ $addFields: { a: { $toObjectId: '$b' } } }], { code: 168 }, 'facts: Aggregation, left out'],
  [[], [{ $addFields: { a: { $toDate: '$b' } } }], { code: 168 }, 'facts: Aggregation, left out'],
  [[], [{ $addFields: { a: { $dateDiff: {} } } }], { code: 168 }, 'facts: Aggregation, left out'],
  [
    [{ v: new ObjectId('5f5f5f5f5f5f5f5f5f5f5f5f') }],
    [{ $project: { _id: 0, s: { $toString: '$v' }, t: { $type: '$v' } } }],
    [{ s: '5f5f5f5f5f5f5f5f5f5f5f5f', t: 'objectId' }],
    'facts: Aggregation',
  ],
  [
    [{ v: long(10) }, { v: long(2) }],
    [{ $group: { _id: null, sum: { $sum: '$v' }, max: { $max: '$v' }, all: { $push: '$v' } } }],
    [{ _id: null, sum: long(12), max: long(10), all: [long(10), long(2)] }],
    'facts: Aggregation',
  ],
  [
    [{ v: decimal('1.10') }],
    [{ $project: { _id: 0, sum: { $add: ['$v', 1] } } }],
    [{ sum: decimal('2.10') }],
    'facts: Aggregation',
  ],
  [
    [{}],
    [{ $project: { a: { $bogus: 1 } } }],
    { code: 168 },
    'server: expression.cpp; reference: its gateway has no number for it',
  ],
  [
    [{}],
    [{ $addFields: { a: { $bogus: 1 } } }],
    { code: 168 },
    'server: expression.cpp; reference: its gateway has no number for it',
  ],
  [[{ b: [[{ x: 1 }], { x: 2 }] }], [{ $project: { v: '$b.x' } }], [{ _id: 0, v: [2] }], 'server: expression.cpp'],
  [[{ a: [1, 3] }], [{ $project: { m: { $max: ['$a'] } } }], [{ _id: 0, m: 3 }], 'manual: $max'],
  [
    [{ n: {} }],
    [{ $project: { s: { $concat: ['$z', { $toString: '$n' }] } } }],
    [{ _id: 0, s: null }],
    'server: expression.cpp',
  ],
  [
    [],
    [{ $project: { a: { $divide: [1, 0] } } }],
    { code: 2 },
    'server: expression.cpp; reference: its gateway has no number for it',
  ],
  [
    Array.from({ length: 10 }, () => ({ v: 0.1 })),
    [{ $group: { _id: null, sum: { $sum: '$v' }, avg: { $avg: '$v' } } }],
    [{ _id: null, sum: double(1), avg: 0.1 }],
    'server: accumulator_sum.cpp; reference: 0.9999999999999999',
  ],
]
