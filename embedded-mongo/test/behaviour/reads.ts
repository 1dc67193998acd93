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
]

/** A document, the projection, and what is left of it. */
export type ProjectionRow = [
  document: Document,
  projection: Document,
  left: Document | { code: number },
  source: string,
  filter?: Document,
]

export const projections: ProjectionRow[] = [
  [{ a: 1, b: 2 }, { a: 1 }, { _id: 0, a: 1 }, 'manual: Project Fields to Return'],
  [{ a: 1, b: 2 }, { a: 1, _id: 0 }, { a: 1 }, 'manual: Project Fields to Return'],
  [{ a: 1, b: 2 }, { a: 0 }, { _id: 0, b: 2 }, 'manual: Project Fields to Return'],
  [{ a: { b: 1, c: 2 }, d: 3 }, { 'a.b': 1 }, { _id: 0, a: { b: 1 } }, 'manual: Project Fields to Return'],
  [
    { a: [{ b: 1, c: 2 }, { c: 3 }] },
    { 'a.b': 0 },
    { _id: 0, a: [{ c: 2 }, { c: 3 }] },
    'manual: Project Fields to Return',
  ],
  [{ a: [1, 2, 3], b: 1 }, { a: { $slice: 2 } }, { _id: 0, a: [1, 2], b: 1 }, 'manual: $slice (projection)'],
  [{ a: [1, 2, 3] }, { a: { $slice: [-2, 1] } }, { _id: 0, a: [2] }, 'manual: $slice (projection)'],
  [
    { a: [{ x: 1 }, { x: 2 }], b: 1 },
    { a: { $elemMatch: { x: 2 } } },
    { _id: 0, a: [{ x: 2 }] },
    'manual: $elemMatch (projection)',
  ],
  [{ a: [5, 6, 7] }, { 'a.$': 1 }, { _id: 0, a: [6] }, 'manual: $ (projection)', { a: 6 }],
  [{ a: 1, b: 2 }, { sum: { $add: ['$a', '$b'] } }, { _id: 0, sum: 3 }, 'manual: Project Fields to Return'],
  [{ a: 1 }, { a: { $elemMatch: { x: 1 } } }, { _id: 0 }, 'facts: P14'],
  [{ n: 1 }, { 'n.y': { $slice: 1 } }, { _id: 0, n: 1 }, 'facts: P15'],
  [{ r: ['a'] }, { r: { $slice: [-2, 1] } }, { _id: 0, r: ['a'] }, 'facts: P15'],
  [{ r: [[0.5], 1] }, { r: { $elemMatch: { $lt: 1.5 } } }, { _id: 0, r: [1] }, 'facts: P8'],
  [
    { a: 1 },
    { a: 1, b: 0 },
    { code: 31254 },
    'manual: Project Fields to Return; reference: its gateway has no number for it',
  ],
]

/** Values of `n` in their ascending order by a path. */
export type SortRow = [path: string, values: unknown[], source: string]

export const sorts: SortRow[] = [
  [
    'n',
    [[], null, 1, long(2), double(2.5), decimal('3'), 'a', { x: 1 }, false, new Date(0), /x/],
    'manual: Comparison/Sort Order',
  ],
  ['n', [decimal('0.1'), 0.1, decimal('0.2')], 'facts: P3'],
  ['n', [[0, 9], 1, [2, 5], 3], 'manual: Comparison/Sort Order'],
  ['n.x', [[{ x: 3 }, 1], { x: 1 }, { x: 2 }], 'facts: P12'],
  ['n.0', [[1, 9], [2, 0], [[0]]], 'facts: P13; reference: R2'],
  ['n.0', [[null, { 0: 0 }], [1, { 0: 0 }], [2]], 'facts: P13'],
  ['n.x', [[{ x: 2 }, null], { x: 1 }, [{ x: 3 }]], 'facts: P12'],
  ['n', ['', 'A', 'a', '\u00e9', '\uffff', '\u{10000}'], 'manual: Comparison/Sort Order'],
]

/** Documents, the key, and its different values: of equal ones the first, in the order of their finding. */
export type DistinctRow = [documents: Document[], key: string, values: unknown[], source: string]

export const distincts: DistinctRow[] = [
  [[{ a: 1 }, { a: double(1) }, { a: 2 }, { a: long(2) }], 'a', [1, 2], 'facts: P16'],
  [[{ a: double(3) }, { a: 3 }], 'a', [double(3)], 'facts: P1'],
  [
    [{ a: [1, 2] }, { a: [2, [3]] }, {}, { a: null }],
    'a',
    [1, 2, [3], null],
    'manual: distinct; reference: the same in another order',
  ],
  [[{ a: { b: 1 } }, { a: [{ b: 2 }, { b: 1 }, 5] }], 'a.b', [1, 2], 'manual: distinct'],
  [[{ a: decimal('0.1') }, { a: 0.1 }], 'a', [decimal('0.1'), 0.1], 'facts: P3'],
]

/** What a unique index on `a` holds already, what is inserted, and whether it is taken. */
export type UniqueRow = [held: unknown, inserted: unknown, taken: boolean, source: string]

export const uniques: UniqueRow[] = [
  [0.1, decimal('0.1'), true, 'facts: P3'],
  [long('9007199254740993'), decimal('9007199254740992'), true, 'facts: P3'],
  [1, double(1), false, 'manual: Unique Indexes'],
  [decimal('1.0'), long(1), false, 'manual: Unique Indexes'],
  [null, undefined, false, 'manual: Unique Indexes'],
  [[1, 2], [2, 3], false, 'manual: Multikey Indexes'],
  [[1, 1], [2, 2], true, 'manual: Multikey Indexes'],
  [{ x: 1, y: 1 }, { y: 1, x: 1 }, true, 'manual: Unique Indexes'],
]
