import { BSON, type Document, type Filter } from 'mongodb'
import { decimal, double, long } from '../server-under-test.ts'

/**
 * What is searched, by what, and which of it is found (by place), or the code of the error. Source in the last
 * column.
 */
export type FilterRow = [
  values: unknown[],
  filter: Filter<Document>,
  found: number[] | { code: number },
  source: string,
]

const manual = (page: string) => `manual: ${page}`
const facts = (row: string) => `facts: ${row}`
/** Why the reference engine answers otherwise (MongoDB's answer is the row's). */
const noteOf = (source: string, reason: string) => `${source}; reference: ${reason}`
const regex = (pattern: string) => new BSON.BSONRegExp(pattern)

/** Each value stands as the field `a` of a document. */
export const valueFilters: FilterRow[] = [
  [[1, 2, '1'], { a: 1 }, [0], manual('$eq')],
  [[1, double(1), long(1), decimal('1.00')], { a: 1 }, [0, 1, 2, 3], manual('Comparison/Sort Order')],
  [[1, 2, 3, 'x'], { a: { $gt: 1 } }, [1, 2], manual('$gt')],
  [[1, 2, 3], { a: { $gte: 2, $lt: 3 } }, [1], manual('$gte')],
  [[1, 2, null], { a: { $ne: 1 } }, [1, 2], manual('$ne')],
  [[1, 2, 3], { a: { $in: [1, 3] } }, [0, 2], manual('$in')],
  [[1, 2, 3], { a: { $nin: [1, 3] } }, [1], manual('$nin')],
  [['abc', 'xyz'], { a: { $in: [/^a/, 'q'] } }, [0], manual('$in')],
  [[null, 0, ''], { a: null }, [0], manual('Query for Null or Missing Fields')],
  [[[1, 2], 1, [3]], { a: 1 }, [0, 1], manual('Query an Array')],
  [[[1, 2], [2, 1], [[1, 2]]], { a: [1, 2] }, [0, 2], manual('Query an Array')],
  [
    [
      [1, 5],
      [2, 3],
    ],
    { a: { $elemMatch: { $gt: 1, $lt: 4 } } },
    [1],
    manual('$elemMatch'),
  ],
  [[[{ x: 1, y: 2 }], [{ x: 1 }, { y: 2 }]], { a: { $elemMatch: { x: 1, y: 2 } } }, [0], manual('$elemMatch')],
  [[[1, 2, 3], [1]], { a: { $all: [1, 2] } }, [0], manual('$all')],
  [[[1, 2], [1], 1], { a: { $size: 1 } }, [1], manual('$size')],
  [[4, 5, 6.9], { a: { $mod: [4, 2] } }, [2], manual('$mod')],
  [['Apple', 'banana'], { a: { $regex: '^a', $options: 'i' } }, [0], manual('$regex')],
  [['line\n', 'line'], { a: /line$/ }, [0, 1], manual('$regex')],
  [['a', 1, null], { a: { $type: 'string' } }, [0], manual('$type')],
  [[1, double(1), long(1), decimal('1')], { a: { $type: 'number' } }, [0, 1, 2, 3], manual('$type')],
  [[[1], 1], { a: { $type: 'array' } }, [0], manual('$type')],
  [
    [
      { x: 1, y: 2 },
      { y: 2, x: 1 },
    ],
    { a: { x: 1, y: 2 } },
    [0],
    manual('Query on Embedded/Nested Documents'),
  ],
  [[5, 15, 'x'], { a: { $not: { $gt: 10 } } }, [0, 2], manual('$not')],
  [[1, 2, 3], { $or: [{ a: 1 }, { a: 3 }] }, [0, 2], manual('$or')],
  [[1, 2, 3], { $nor: [{ a: 1 }, { a: 3 }] }, [1], manual('$nor')],
  [[1, 2, 3], { $and: [{ a: { $gt: 1 } }, { a: { $lt: 3 } }] }, [1], manual('$and')],
  [[1, 5], { $expr: { $gt: ['$a', 2] } }, [1], manual('$expr')],
  [
    [new Date(0), new Date('2999-01-01')],
    { $expr: { $lt: ['$a', '$$NOW'] } },
    [0],
    noteOf(manual('NOW'), 'no $$NOW in $expr'),
  ],
  [[Number.NaN, 1], { a: Number.NaN }, [0], manual('Comparison/Sort Order')],
  [[true, 1, 'true'], { a: true }, [0], manual('$eq')],
  [[0.1, decimal('0.1')], { a: 0.1 }, [0], facts('P3')],
  [[0.1, decimal('0.1')], { a: decimal('0.1') }, [1], facts('P3')],
  [[decimal('1.5'), 1.5], { a: { $in: [1.5] } }, [0, 1], facts('R3, not to copy')],
  [[decimal('1.5'), 1.5, 2], { a: { $nin: [1.5] } }, [2], facts('R3, not to copy')],
  [[decimal('9007199254740993')], { a: { $mod: [3, 0] } }, [0], facts('P4')],
  [[[['x']], ['x']], { 'a.0': { $in: ['x'] } }, [1], facts('P6')],
  [[[[1]], [1]], { 'a.0': { $type: 'int' } }, [1], facts('P6')],
  [[[[4]], [4]], { 'a.0': { $mod: [4, 0] } }, [1], facts('P6')],
  [[[['x']], ['x']], { 'a.0': { $regex: 'x' } }, [1], facts('P6')],
  [[long('9007199254740993'), long('9007199254740992')], { a: decimal('9007199254740993') }, [0], facts('P3')],
  [[decimal('NaN'), 3], { a: { $lte: 3 } }, [1], facts('P3')],
  [[decimal('NaN'), 3], { a: { $gte: Number.NaN } }, [0], facts('P3')],
  [[long('9007199254740993')], { a: { $mod: [3, 0] } }, [0], facts('P4')],
  [[[[1]], [1]], { 'a.0': 1 }, [1], facts('P6')],
  [[[[1]], [1]], { 'a.0': { $lte: 1 } }, [1], facts('P6')],
  [[[0.5], [{}]], { 'a.0.k': null }, [1], facts('P7')],
  [[[[0.5]], [0.5]], { a: { $elemMatch: { $lt: 1.5 } } }, [1], facts('P8')],
  [[], { a: { $all: [{ $elemMatch: { x: 1 } }, 2] } }, { code: 2 }, facts('P9')],
  [[], { a: { $size: -1 } }, { code: 2 }, facts('P10')],
  [[], { a: { $size: 1.5 } }, { code: 2 }, facts('P10')],
  [[], { a: { $mod: [2] } }, { code: 2 }, facts('P10')],
  [[], { a: { $all: [{ $elemMatch: { x: 1 } }, { x: 2 }] } }, { code: 2 }, facts('P9')],
  [[], { a: { $mod: [0, 1] } }, { code: 2 }, manual('$mod')],
  [[], { a: { $bitsAllSet: 1 } }, { code: 2 }, facts('P11, left out')],
  [[], { a: { $bitsAnyClear: [1, 5] } }, { code: 2 }, facts('P11, left out')],
  [[], { $where: 'true' }, { code: 2 }, facts('embedded-store, left out')],
  [[], { a: { $gt: regex('x') } }, { code: 2 }, facts('P19')],
  [[], { a: { $gte: regex('x') } }, { code: 2 }, facts('P19')],
  [[], { a: { $lt: regex('x') } }, { code: 2 }, facts('P19')],
  [[], { a: { $lte: regex('x') } }, { code: 2 }, facts('P19')],
  [[], { a: { $ne: regex('x') } }, { code: 2 }, facts('P19')],
  [[], { a: { $bogus: 1 } }, { code: 2 }, manual('Query and Projection Operators')],
  [[], { $bogus: [] }, { code: 2 }, manual('Query and Projection Operators')],
  [[], { $or: [] }, { code: 2 }, manual('$or')],
  [[], { a: { $in: 5 } }, { code: 2 }, manual('$in')],
]

/** The same with whole documents. */
export const documentFilters: FilterRow[] = [
  [[{}, { a: null }, { a: 1 }], { a: null }, [0, 1], manual('Query for Null or Missing Fields')],
  [[{}, { a: null }, { a: 1 }], { a: { $exists: true } }, [1, 2], manual('$exists')],
  [[{}, { a: null }, { a: 1 }], { a: { $exists: false } }, [0], manual('$exists')],
  [[{ a: { b: { c: 1 } } }, { a: { b: 1 } }], { 'a.b.c': 1 }, [0], manual('Query on Embedded/Nested Documents')],
  [[{ a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 3 }] }], { 'a.b': 2 }, [0], manual('Query an Array of Embedded Documents')],
  [
    [{ a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 2 }] }],
    { 'a.1.b': 2 },
    [0],
    manual('Query an Array of Embedded Documents'),
  ],
  [
    [
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ],
    { $expr: { $lt: ['$a', '$b'] } },
    [0],
    manual('$expr'),
  ],
  [
    [
      { b: 5, a: 1 },
      { 1: 'x', 0: 'y' },
    ],
    { 1: 'x' },
    [1],
    manual('Documents'),
  ],
  [[{ o: [[{ x: 1 }]] }, { o: [[1]] }, { o: [[{}]] }], { 'o.0.x': 1 }, [0], 'server: matcher/path.cpp'],
  [[{ o: [[{ x: 1 }]] }, { o: [[1]] }, { o: [[{}]] }], { 'o.0.x': null }, [2], 'server: matcher/path.cpp'],
]
