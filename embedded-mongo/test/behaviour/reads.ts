import type { Document } from 'mongodb'
import { decimal, double, long } from '../server-under-test.ts'

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
  [{}, { a: 1, 'a.b': 1 }, { code: 31249 }, 'server: projection_parser.cpp; reference: not looked for'],
  [{}, { 'a.b': 1, a: 1 }, { code: 31250 }, 'server: projection_parser.cpp; reference: not looked for'],
  [{}, { 'a.$.b': 1 }, { code: 31394 }, 'server: projection_parser.cpp; reference: its gateway has no number for it'],
  [
    { a: [1, 3], r: [2, 4] },
    { 'a.$': 1, 'r.$': 1 },
    { code: 31276 },
    'server: projection_parser.cpp; reference: its gateway has no number for it',
    { a: 3 },
  ],
  [
    {},
    { 'a.$': 1, 'r.$': 1 },
    { code: 31276 },
    'server: projection_parser.cpp; reference: sees it only where a document matches',
    { a: 3 },
  ],
  [
    {},
    { 'a.$': 1, o: { 'r.$': 1 } },
    { code: 31276 },
    'server: projection_parser.cpp; reference: sees it only where a document matches',
    { a: 3 },
  ],
  [
    {},
    { 'a.$': 1, r: { $elemMatch: { $gt: 1 } } },
    { code: 31255 },
    'server: projection_parser.cpp; reference: sees it only where a document matches',
    { a: 3 },
  ],
  [
    {},
    { r: { $elemMatch: { $gt: 1 } }, 'a.$': 1 },
    { code: 31256 },
    'server: projection_parser.cpp; reference: sees it only where a document matches',
    { a: 3 },
  ],
  [
    { o: { a: [5, 6, 7], b: 1 } },
    { o: { 'a.$': 1 } },
    { _id: 0, o: { a: [6] } },
    'server: projection_parser.cpp',
    { 'o.a': 6 },
  ],
  [
    { o: { a: [{ x: 1 }] } },
    { o: { a: { $elemMatch: { x: 1 } } } },
    { code: 31275 },
    'server: projection_parser.cpp; reference: error 2',
  ],
  [{}, { 'a.$': 0 }, { code: 31395 }, 'server: projection_parser.cpp; reference: its gateway has no number for it'],
  [
    { r: [2, { x: 1 }], s: 3 },
    { 'r.y': { $add: [5] }, 's.y': { $add: [6] } },
    { _id: 0, r: [{ y: 5 }, { y: 5 }], s: { y: 6 } },
    'server: projection_node.cpp',
  ],
  [
    { a: [{ x: 1 }], b: 1 },
    { a: { $elemMatch: { x: 1 } }, b: 1 },
    { _id: 0, b: 1, a: [{ x: 1 }] },
    'manual: $elemMatch (projection); reference: R1 (not sent)',
  ],
  [
    { a: [{ x: 1 }, { x: 2 }], b: [1, 2] },
    { a: { $elemMatch: { x: 2 } }, b: { $slice: 1 } },
    { _id: 0, a: [{ x: 2 }], b: [1] },
    'server: projection_parser.cpp; reference: R1 (not sent)',
  ],
  [
    { o: [{ x: [1, 5] }, {}] },
    { 'o.x.$': 1 },
    { _id: 0, o: [{ x: [1, 5] }] },
    'server: projection_executor_utils.cpp; reference: R12',
    { 'o.x': { $gt: 3 } },
  ],
  [
    { o: [true, {}, { x: 1 }] },
    { 'o.x.$': 1 },
    { _id: 0, o: [{ x: 1 }] },
    'server: projection_executor_utils.cpp',
    { 'o.x': 1 },
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
  [
    [{ n: [['b'], [9]] }, { n: [{ 0: 5 }] }],
    'n.0',
    ['b', { 0: 5 }],
    'server: dotted_path_support.cpp; reference: a number is a name only',
  ],
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
