import type { Collection, Document, MongoBulkWriteError } from 'mongodb'
import { expect, it } from 'vitest'
import { isOtherServer, useServer } from './server-under-test.ts'

const server = useServer()

/** Five documents with `n` of 1 to 5; the expectations are those of an independent engine too. */
async function five(): Promise<Collection> {
  const collection = server.collection()
  const documents = [1, 2, 3, 4, 5].map((n) => ({ _id: n, n, odd: n % 2, tags: [`a${n}`, 'b'], d: { x: n } }))
  await collection.insertMany(documents as Document[])
  return collection
}
const id = (_id: unknown): Document => ({ _id })

const writes: Document[] = [
  { insertOne: { document: { _id: 10, n: 1 } } },
  { updateOne: { filter: { _id: 1 }, update: { $set: { z: 1 } } } },
  { updateMany: { filter: { odd: 1 }, update: { $inc: { q: 1 } } } },
  { replaceOne: { filter: { _id: 2 }, replacement: { n: 22 } } },
  { deleteOne: { filter: { _id: 3 } } },
  { updateOne: { filter: { _id: 77 }, update: { $set: { n: 77 } }, upsert: true } },
]

it.each([
  [true, { insertedCount: 0, modifiedCount: 0, deletedCount: 0, upsertedCount: 0 }],
  [false, { insertedCount: 0, modifiedCount: 5, deletedCount: 1, upsertedCount: 1 }],
])('does what it can of a bulk of writes, ordered: %s', async (ordered, done) => {
  const collection = await five()
  await collection.createIndex({ n: 1 }, { unique: true })
  const error: MongoBulkWriteError = await collection.bulkWrite(writes as never[], { ordered }).catch((each) => each)
  expect(error).toMatchObject({ code: 11000, ...done })
  expect(error.result.getWriteErrors().map(({ index, code }) => [index, code])).toEqual([[0, 11000]])
})

it('counts what an update found, changed and made', async () => {
  const collection = await five()
  const counts = async (answer: Promise<Document>) => {
    const { matchedCount, modifiedCount, upsertedCount, upsertedId } = await answer
    return [matchedCount, modifiedCount, upsertedCount, upsertedId]
  }
  expect(await counts(collection.updateMany({ odd: 1 }, { $set: { h: 1 } }))).toEqual([3, 3, 0, null])
  expect(await counts(collection.updateMany({ odd: 1 }, { $set: { h: 1 } }))).toEqual([3, 0, 0, null])
  expect(await counts(collection.updateOne(id(99), { $set: { h: 1 } }))).toEqual([0, 0, 0, null])
  expect(await counts(collection.replaceOne({ ...id(99), x: 1 }, { y: 1 }, { upsert: true }))).toEqual([0, 0, 1, 99])
  expect(await collection.findOne(id(99))).toEqual({ _id: 99, y: 1 })
  await expect(collection.replaceOne(id(1), { _id: 2 })).rejects.toMatchObject({ code: 66 })
})

it('finds one and replaces or deletes it, in the order asked for', async () => {
  const collection = await five()
  const sort = { n: -1 } as const
  expect(await collection.findOneAndReplace({ odd: 1 }, { z: 1 }, { sort, projection: { n: 1 } })).toEqual({
    _id: 5,
    n: 5,
  })
  expect(await collection.findOneAndReplace({ n: 7 }, { n: 7 }, { upsert: true })).toBeNull()
  expect(await collection.findOneAndDelete({ odd: 1 }, { sort, projection: { n: 1 } })).toEqual({ _id: 3, n: 3 })
  const metadata = await collection.findOneAndDelete(id(1), { includeResultMetadata: true })
  expect(metadata).toMatchObject({ lastErrorObject: { n: 1 }, value: { _id: 1 }, ok: 1 })
})

it('counts with skip, limit and hint, and tells different values of what a filter finds', async () => {
  const collection = await five()
  await collection.createIndex({ n: 1 })
  expect(await collection.countDocuments({}, { skip: 1, limit: 2 })).toBe(2)
  expect(await collection.countDocuments({ n: { $gt: 2 } }, { hint: 'n_1' })).toBe(3)
  await expect(collection.countDocuments({}, { hint: 'none' })).rejects.toMatchObject({ code: 2 })
  expect((await collection.distinct('tags', { odd: 1 })).sort()).toEqual(['a1', 'a3', 'a5', 'b'])
})

it('hands out an aggregation in batches, and begins a cursor again', async () => {
  const collection = await five()
  const found = collection.aggregate([{ $sort: { n: -1 } }, { $project: { n: 1 } }], { batchSize: 2 })
  expect((await found.toArray()).map(({ n }) => n)).toEqual([5, 4, 3, 2, 1])
  const cursor = collection.find().sort({ n: 1 }).batchSize(2)
  for (let read = 0; read < 3; read++) await cursor.next()
  cursor.rewind()
  expect(await cursor.next()).toMatchObject({ n: 1 })
  await cursor.close()
})

it('keeps two indexes on one key apart by unique and sparse, and drops them by name, key or all at once', async () => {
  const collection = server.collection()
  await collection.createIndexes([{ key: { a: 1 } }, { key: { a: 1 }, unique: true, sparse: true, name: 'one' }])
  await collection.insertMany([{ a: 1 }, {}, {}])
  await expect(collection.insertOne({ a: 1 })).rejects.toMatchObject({ code: 11000 })
  expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1', 'one'])
  await collection.dropIndex('one')
  await server.db().command({ dropIndexes: collection.collectionName, index: { a: 1 } })
  await collection.createIndex({ b: 1 })
  await collection.dropIndexes()
  expect(await collection.indexes()).toHaveLength(1)
})

it('lists collections by a filter, with their names alone', async () => {
  const collection = await five()
  const name = collection.collectionName
  expect(await server.db().listCollections({ name }, { nameOnly: true }).toArray()).toEqual([
    { name, type: 'collection' },
  ])
})

it.skipIf(isOtherServer)('explains at every verbosity what it looks at', async () => {
  const collection = await five()
  await collection.createIndex({ n: 1 })
  const told = await collection.find({ n: { $gt: 2 }, odd: 1 }).explain('executionStats')
  expect(told).toMatchObject({
    queryPlanner: { winningPlan: { stage: 'IXSCAN' } },
    executionStats: { nReturned: 2, totalDocsExamined: 3 },
  })
  expect(await collection.find().explain('queryPlanner')).not.toHaveProperty('executionStats')
  const grouped = await collection.aggregate([{ $match: { n: 1 } }, { $group: { _id: '$odd' } }]).explain()
  expect(grouped.stages).toMatchObject([{ $cursor: { executionStats: { nReturned: 1 } } }, { $group: { _id: '$odd' } }])
  const wrong = { explain: { find: 'c' }, verbosity: 'much' }
  await expect(server.db().command(wrong)).rejects.toMatchObject({ code: 9 })
})

it.skipIf(isOtherServer)('explains of a write what it would look at', async () => {
  const collection = await five()
  await collection.createIndex({ n: 1 })
  const c = collection.collectionName
  const explain = (inner: Document) => server.db().command({ explain: inner, verbosity: 'executionStats' })
  const remove = { q: { odd: { $gte: 0 } }, limit: 1, hint: 'n_1' }
  const byIndex = { queryPlanner: { winningPlan: { stage: 'IXSCAN' } }, executionStats: { totalDocsExamined: 1 } }
  expect(await explain({ delete: c, deletes: [remove] })).toMatchObject(byIndex)
  const all = { executionStats: { nReturned: 5 } }
  expect(await explain({ delete: c, deletes: [{ ...remove, limit: 0 }] })).toMatchObject(all)
  expect(await explain({ update: c, updates: [{ q: {}, u: { $set: { a: 1 } }, multi: true }] })).toMatchObject(all)
  expect(await explain({ findAndModify: c, sort: { n: 1 }, remove: true })).toMatchObject(byIndex)
  expect(await collection.countDocuments()).toBe(5)
  const none = { delete: c, deletes: [{ ...remove, hint: 'none' }] }
  await expect(explain(none)).rejects.toMatchObject({ code: 2 })
  await expect(explain({ delete: c, deletes: [remove, remove] })).rejects.toMatchObject({ code: 16 })
})
