import type { Document } from 'mongodb'
import { expect, it } from 'vitest'
import { compileExpression } from '../aggregate/expression.ts'
import { DateTime, Int32, undefinedValue, type Value } from '../bson/values.ts'
import { isOtherServer, useServer } from './server-under-test.ts'

const server = useServer()
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)
// Work that grew with the square of the data would take far longer, and what grows with the data takes a tenth of it.
const inTime = { maxTimeMS: 8000 }

it('gathers very many different values', { timeout: 120_000 }, async () => {
  const collection = server.collection()
  await collection.insertOne({ a: numbers(40_000), b: [0, 1] })
  const twice = [{ $unwind: '$b' }, { $unwind: '$a' }]
  const group = { $group: { _id: null, all: { $addToSet: '$a' } } }
  const count = { $project: { n: { $size: '$all' } } }
  expect(await collection.aggregate([...twice, group, count], inTime).toArray()).toEqual([{ _id: null, n: 40_000 }])
})

it('joins by very many values', { timeout: 120_000 }, async () => {
  const [orders, items] = [server.collection(), server.collection()]
  await orders.insertOne({ items: numbers(20_000) })
  await items.insertMany(numbers(40_000).map((n) => ({ n })))
  const joined = { from: items.collectionName, localField: 'items', foreignField: 'n', as: 'found' }
  const pipeline = [{ $lookup: joined }, { $project: { _id: 0, n: { $size: '$found' } } }]
  expect(await orders.aggregate(pipeline, inTime).toArray()).toEqual([{ n: 20_000 }])
  await items.createIndex({ n: 1 })
  expect(await orders.aggregate(pipeline, inTime).toArray()).toEqual([{ n: 20_000 }])
})

const foreign: Document[] = [
  { v: 1 },
  { v: 'abc' },
  { v: /b/ },
  { v: null },
  {},
  { v: { $ref: 'c', $id: 1 } },
  { v: [1, 2] },
  { v: [[1, 2]] },
  { v: Number.NaN },
]
const joins: [local: unknown, found: number[]][] = [
  [1, [0, 6]],
  [undefined, [3, 4]],
  [null, [3, 4]],
  [[], [3, 4]],
  [
    [1, null],
    [0, 3, 4, 6],
  ],
  // A pattern is a value here, whether it stands alone or in a list.
  [/b/, [2]],
  [
    [/b/, 1],
    [0, 2, 6],
  ],
  [{ $ref: 'c', $id: 1 }, [5]],
  [
    [{ $ref: 'c', $id: 1 }, 'abc'],
    [1, 5],
  ],
  [[[1, 2]], [6, 7]],
  [
    [Number.NaN, 'abc'],
    [1, 8],
  ],
]

it.for(joins)('joins %j to what is equal to it', async ([local, found]) => {
  const [orders, items] = [server.collection(), server.collection()]
  await items.insertMany(foreign.map((each, _id) => ({ _id, ...each }) as Document))
  const joined = { $lookup: { from: items.collectionName, localField: 'v', foreignField: 'v', as: 'found' } }
  // Long lists are looked through in another way.
  const many = Array.isArray(local) && local.length > 0 ? [[...local, ...numbers(50).map((n) => n + 100)]] : []
  for (const v of [local, ...many]) {
    await orders.insertOne(v === undefined ? {} : { v })
    const [answer] = await orders.aggregate([joined, { $sort: { 'found._id': 1 } }]).toArray()
    expect(answer?.found.map(({ _id }: Document) => _id)).toEqual(found)
    await orders.deleteMany({})
  }
})

it('takes very long lists', { timeout: 60_000 }, async () => {
  const collection = server.collection()
  await collection.insertOne({ a: Array.from({ length: 1_000_000 }, () => null) })
  const both = { $project: { _id: 0, n: { $size: { $concatArrays: ['$a', '$a'] } } } }
  expect(await collection.aggregate([both]).toArray()).toEqual([{ n: 2_000_000 }])
  expect(await collection.countDocuments({ a: { $all: numbers(300_000) } })).toBe(0)
})

const again = (count: number, stage: Document): Document[] => Array.from({ length: count }, () => stage)
const doubled: [what: string, stages: Document[]][] = [
  ['a list', again(40, { $addFields: { a: { $concatArrays: ['$a', '$a'] } } })],
  ['a list of lists', again(40, { $addFields: { a: ['$a', '$a'] } })],
  ['a document', again(40, { $replaceWith: { a: '$$ROOT', b: '$$ROOT' } })],
  ['a text', again(40, { $project: { t: { $concat: ['$t', '$t'] } } })],
]

it.skipIf(isOtherServer).for(doubled)(
  'goes on with no more than has room: %s, doubled forty times',
  async ([, stages]) => {
    const collection = server.collection()
    await collection.insertOne({ a: [1], t: 'x' })
    const tooLarge = { code: 10334 }
    await expect(collection.aggregate([...stages, { $count: 'n' }]).toArray()).rejects.toMatchObject(tooLarge)
    await expect(collection.updateOne({}, stages)).rejects.toMatchObject(tooLarge)
  },
)

it.skipIf(isOtherServer)('groups by no value larger than has room, and finds with none', async () => {
  const collection = server.collection()
  await collection.insertOne({ a: numbers(100_000) })
  const thousand = Array.from({ length: 1000 }, () => '$a')
  const tooLarge = { code: 10334 }
  for (const group of [{ _id: thousand }, { _id: 1, all: { $addToSet: thousand } }])
    await expect(collection.aggregate([{ $group: group }]).toArray()).rejects.toMatchObject(tooLarge)
  await expect(collection.findOne({}, { projection: { b: thousand } })).rejects.toMatchObject(tooLarge)
})

it('takes a thousand stages, and no more', async () => {
  const collection = server.collection()
  await collection.insertOne({ a: 1 })
  const stages = again(1000, { $addFields: { b: '$a' } })
  expect(await collection.aggregate(stages).toArray()).toMatchObject([{ a: 1, b: 1 }])
  const tooLong = collection.aggregate([...stages, { $count: 'n' }]).toArray()
  await expect(tooLong).rejects.toMatchObject({ code: 7749501 })
})

// The driver writes no value of the old type undefined.
it.for(['$add', '$multiply', '$subtract', '$divide', '$concat', '$concatArrays', '$max'])(
  'takes undefined in %s for nothing, as it takes null',
  (operator) => {
    const expression: Value = new Map([[operator, ['$u', new Int32(1)]]])
    const evaluate = (u: Value) =>
      compileExpression(expression, { now: new DateTime(0n) })({ root: new Map([['u', u]]) })
    expect(evaluate(undefinedValue)).toEqual(evaluate(null))
  },
)
