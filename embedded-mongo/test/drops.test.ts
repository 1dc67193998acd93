import { setTimeout as pause } from 'node:timers/promises'
import type { Collection } from 'mongodb'
import { expect, it } from 'vitest'
import { isOtherServer, useServer } from './server-under-test.ts'

// MongoDB's manual, "dropIndexes" and "drop": both end the reads that go on.
const server = useServer()
const documents = 20_000

async function filled(): Promise<Collection> {
  const collection = server.collection()
  await collection.insertMany(Array.from({ length: documents }, (_, n) => ({ n, half: n % 2, text: 'x'.repeat(100) })))
  return collection
}

/** Begins to read, drops a little later: the answer must be whole, or the error that tells of the drop. */
async function whileReading(read: (of: Collection) => Promise<unknown>, drop: (of: Collection) => Promise<unknown>) {
  const ends = new Set<unknown>()
  for (let wait = 0; wait < 40 && !ends.has(175); wait += 4) {
    const collection = await filled()
    const reading = read(collection).catch((error) => error.code)
    await pause(wait)
    await drop(collection)
    ends.add(await reading)
  }
  return ends
}

it.skipIf(isOtherServer)('ends a cursor whose index is dropped, also when a new index comes after it', async () => {
  const collection = server.collection()
  await collection.insertMany(Array.from({ length: 500 }, (_, a) => ({ a, b: 500 - a })))
  await collection.createIndex({ a: 1 })
  const cursor = collection.find({ a: { $gte: 0 } }, { batchSize: 10 })
  await cursor.next()
  await collection.dropIndex('a_1')
  await collection.createIndex({ b: 1 })
  await expect(cursor.toArray()).rejects.toMatchObject({ code: 175 })
  expect(await collection.countDocuments({ a: { $gte: 0 } })).toBe(500)
})

it.skipIf(isOtherServer)(
  'ends a read that has paused when its collection is dropped',
  { timeout: 60_000 },
  async () => {
    const ends = await whileReading(
      (collection) => collection.countDocuments({ n: { $gte: 0 } }),
      (collection) => collection.drop(),
    )
    // None was there yet when the drop was quicker.
    for (const end of ends) expect([documents, 0, 175]).toContain(end)
    expect(ends).toContain(175)
  },
)

it.skipIf(isOtherServer)('ends a read that has paused when its index is dropped', { timeout: 60_000 }, async () => {
  const ends = await whileReading(
    async (collection) => {
      await collection.createIndex({ half: 1 })
      const found = await collection.find({ half: 1, text: /x/ }).toArray()
      return found.length
    },
    async (collection) => {
      while (!(await collection.indexes()).some(({ name }) => name === 'half_1')) await pause(1)
      await pause(5)
      await collection.dropIndex('half_1')
    },
  )
  for (const end of ends) expect([documents / 2, 175]).toContain(end)
  expect(ends).toContain(175)
})

it.skipIf(isOtherServer)('ends a $lookup whose other collection is dropped', { timeout: 60_000 }, async () => {
  const ends = await whileReading(
    async (other) => {
      const orders = server.collection()
      await orders.insertMany(Array.from({ length: 50 }, (_, n) => ({ n })))
      const lookup = { from: other.collectionName, localField: 'n', foreignField: 'n', as: 'found' }
      const found = await orders.aggregate([{ $lookup: lookup }]).toArray()
      return found.filter((each) => each.found.length === 1).length
    },
    (other) => other.drop(),
  )
  for (const end of ends) expect([50, 0, 175]).toContain(end)
  expect(ends).toContain(175)
})
