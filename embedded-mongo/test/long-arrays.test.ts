import type { Document } from 'mongodb'
import { expect, it } from 'vitest'
import { useServer } from './server-under-test.ts'

// What compares each element with each other takes minutes here, and nobody else is answered meanwhile.
const server = useServer()
const many = 40_000
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at)

it('changes a long array that is indexed', async () => {
  const collection = server.collection()
  await collection.createIndex({ a: 1 })
  await collection.insertOne({ a: numbers(0, many) })
  await collection.updateOne({}, { $push: { a: many } } as Document)
  await collection.updateOne({}, { $unset: { 'a.7': 1 } })
  expect(await collection.countDocuments({ a: many })).toBe(1)
  expect(await collection.countDocuments({ a: 7 })).toBe(0)
  expect(await collection.countDocuments({ a: 8 })).toBe(1)
})

it('adds many to a long set, and takes many out of a long array', async () => {
  const collection = server.collection()
  await collection.insertOne({ a: numbers(0, many) })
  await collection.updateOne({}, { $addToSet: { a: { $each: numbers(many / 2, many * 1.5) } } } as Document)
  expect((await collection.findOne())?.a).toEqual(numbers(0, many * 1.5))
  await collection.updateOne({}, { $pullAll: { a: numbers(10, many * 1.5) } } as Document)
  expect((await collection.findOne())?.a).toEqual(numbers(0, 10))
})

it('pushes more at once than a call has arguments', async () => {
  const collection = server.collection()
  await collection.insertOne({ a: [1, 2] })
  await collection.updateOne({}, { $push: { a: { $each: numbers(0, 300_000), $position: 1 } } } as Document)
  expect((await collection.findOne())?.a).toEqual([1, ...numbers(0, 300_000), 2])
})
