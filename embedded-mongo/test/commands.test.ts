import type { Document, MongoServerError } from 'mongodb'
import { expect, it } from 'vitest'
import { isOtherServer, long, useServer } from './server-under-test.ts'

const server = useServer()
const numbers = (count: number): Document[] => Array.from({ length: count }, (_, _id) => ({ _id, n: _id % 10 }))

it('gives a large answer in batches, and goes on where a batch ended', async () => {
  const collection = server.collection()
  await collection.insertMany(numbers(1000))
  const cursor = collection.find({}, { batchSize: 7 }).sort({ _id: 1 })
  expect((await cursor.toArray()).map(({ _id }) => Number(_id))).toEqual(numbers(1000).map(({ _id }) => _id))
})

it('forgets a cursor that is closed', async () => {
  const collection = server.collection()
  await collection.insertMany(numbers(300))
  const first = await server.db().command({ find: collection.collectionName, batchSize: 2 })
  const killed = await server.db().command({ killCursors: collection.collectionName, cursors: [first.cursor.id] })
  expect(killed.cursorsKilled).toEqual([first.cursor.id])
  const more = { getMore: first.cursor.id, collection: collection.collectionName }
  await expect(server.db().command(more, { promoteLongs: false })).rejects.toMatchObject({ code: 43 })
})

it('gives one document when fifty upsert one unique key at once', async () => {
  const collection = server.collection()
  await collection.createIndex({ key: 1 }, { unique: true })
  const upserts = Array.from({ length: 50 }, () =>
    collection.updateOne({ key: 'k' }, { $inc: { n: 1 } }, { upsert: true }),
  )
  const results = await Promise.all(upserts)
  expect(results.filter(({ upsertedCount }) => upsertedCount === 1)).toHaveLength(1)
  expect(await collection.find({}, { projection: { _id: 0 } }).toArray()).toEqual([{ key: 'k', n: 50 }])
})

it('lets nobody claim what another has claimed', async () => {
  const collection = server.collection()
  await collection.insertMany(numbers(100))
  const claim = async () => {
    const mine: unknown[] = []
    for (;;) {
      const taken = await collection.findOneAndUpdate({ owner: null }, { $set: { owner: 1 } }, { sort: { _id: 1 } })
      if (!taken) return mine
      mine.push(taken._id)
    }
  }
  const all = (await Promise.all(Array.from({ length: 10 }, claim))).flat()
  expect(new Set(all).size).toBe(100)
  expect(all).toHaveLength(100)
})

it('names index, pattern and value of a duplicate', async ({ skip }) => {
  const collection = server.collection()
  await collection.createIndex({ a: 1, 'b.c': -1 }, { unique: true })
  await collection.insertOne({ a: 'x', b: { c: 1 } })
  const error: MongoServerError = await collection.insertOne({ a: 'x', b: { c: 1 } }).catch((refused) => refused)
  expect(error).toMatchObject({ code: 11000, keyPattern: { a: 1, 'b.c': -1 }, keyValue: { a: 'x', 'b.c': 1 } })
  skip(await server.isReference(), 'it writes the values of the message as JSON')
  expect(error.message).toContain(
    `E11000 duplicate key error collection: ${collection.namespace} index: a_1_b.c_-1 dup key: { a: "x", b.c: 1 }`,
  )
})

it('goes on after a duplicate when the insert is unordered, and stops when it is ordered', async () => {
  const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }] as Document[]
  const [unordered, ordered] = [server.collection(), server.collection()]
  await expect(unordered.insertMany(documents, { ordered: false })).rejects.toMatchObject({
    code: 11000,
    insertedCount: 2,
  })
  await expect(ordered.insertMany(documents)).rejects.toMatchObject({ code: 11000, insertedCount: 1 })
})

it('refuses a unique index over duplicates, and keeps none of it', async () => {
  const collection = server.collection()
  await collection.insertMany([{ a: 1 }, { a: 1 }])
  await expect(collection.createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 })
  expect(await collection.indexes()).toHaveLength(1)
})

it('lets a unique partial index refuse only what is in it', async () => {
  const collection = server.collection()
  await collection.createIndex({ a: 1 }, { unique: true, partialFilterExpression: { live: true } })
  await collection.insertMany([{ a: 1 }, { a: 1 }, { a: 1, live: true }])
  await expect(collection.insertOne({ a: 1, live: true })).rejects.toMatchObject({ code: 11000 })
  await expect(collection.updateMany({}, { $set: { live: true } })).rejects.toMatchObject({ code: 11000 })
  expect(await collection.countDocuments({ live: true })).toBe(1)
})

it('refuses another index of the same name or with other options', async () => {
  const collection = server.collection()
  await collection.createIndex({ a: 1 })
  await collection.createIndex({ a: 1 })
  await expect(collection.createIndex({ a: 1 }, { name: 'other' })).rejects.toMatchObject({ code: 85 })
  await expect(collection.createIndex({ b: 1 }, { name: 'a_1' })).rejects.toMatchObject({ code: 86 })
  await collection.dropIndex('a_1')
  await expect(collection.dropIndex('a_1')).rejects.toMatchObject({ code: 27 })
})

it.skipIf(isOtherServer)('reads by the index that fits, and by the one that is named', async () => {
  const collection = server.collection()
  await collection.createIndexes([{ key: { bot: 1, state: 1, dueAt: 1 } }, { key: { bot: 1 } }])
  const due = collection.find({ bot: 1, state: 'queued', dueAt: { $lte: new Date() } }).sort({ dueAt: 1 })
  expect((await due.explain()).queryPlanner.winningPlan).toMatchObject({
    stage: 'IXSCAN',
    indexName: 'bot_1_state_1_dueAt_1',
  })
  const named = collection.find({ bot: 1, state: 'queued' }).hint('bot_1')
  expect((await named.explain()).queryPlanner.winningPlan).toMatchObject({ indexName: 'bot_1' })
  await expect(collection.find({}).hint('no_such').toArray()).rejects.toMatchObject({ code: 2 })
})

it.skipIf(isOtherServer)(
  'reads the branches of an $or while they hold little, and in order when they hold much',
  async () => {
    const collection = server.collection()
    await collection.createIndexes([{ key: { name: 1, dueAt: 1 } }, { key: { name: 1, lockedAt: 1 } }])
    const claimable = collection
      .find({ name: 'x', $or: [{ lockedAt: null, dueAt: { $lte: 9 } }, { lockedAt: { $lte: 0 } }] })
      .sort({ dueAt: 1 })
    const plan = async () => (await claimable.explain()).queryPlanner.winningPlan
    const due = (count: number, dueAt: number) =>
      Array.from({ length: count }, () => ({ name: 'x', lockedAt: null, dueAt }))
    await collection.insertMany([...due(3, 1), ...due(200, 100)])
    expect(await plan()).toMatchObject({ stage: 'SORT', inputStage: { stage: 'OR' } })
    await collection.insertMany(due(200, 2))
    expect(await plan()).toMatchObject({ stage: 'IXSCAN', indexName: 'name_1_dueAt_1' })
  },
)

it('changes nothing of a document that one of its operators does not fit', async () => {
  const collection = server.collection()
  await collection.insertOne({ _id: 1 as never, a: 1, b: 'x' })
  await expect(collection.updateOne({}, { $set: { a: 2 }, $inc: { b: 1 } } as Document)).rejects.toMatchObject({
    code: 14,
  })
  expect(await collection.findOne()).toEqual({ _id: 1, a: 1, b: 'x' })
})

it('answers findAndModify with the old or the new document, in every combination', async ({ skip }) => {
  const collection = server.collection()
  const byId = { _id: 1 as never }
  expect(await collection.findOneAndUpdate(byId, { $set: { a: 1 } })).toBeNull()
  expect(await collection.findOneAndUpdate(byId, { $set: { a: 1 } }, { upsert: true })).toBeNull()
  expect(await collection.findOneAndUpdate(byId, { $inc: { a: 1 } })).toEqual({ _id: 1, a: 1 })
  expect(
    await collection.findOneAndUpdate(byId, { $inc: { a: 1 } }, { returnDocument: 'after', projection: { _id: 0 } }),
  ).toEqual({ a: 3 })
  expect(await collection.findOneAndReplace(byId, { b: 1 }, { returnDocument: 'after' })).toEqual({ _id: 1, b: 1 })
  expect(await collection.findOneAndDelete(byId)).toEqual({ _id: 1, b: 1 })
  expect(await collection.findOneAndDelete(byId)).toBeNull()
  await collection.insertOne({ ...byId, a: [1, 2] })
  const found = { projection: { 'a.$': 1 } }
  expect(await collection.findOneAndUpdate({ a: 2 }, { $set: { b: 1 } }, found)).toEqual({ _id: 1, a: [2] })
  skip(await server.isReference(), 'it takes the place in the array that the filter found for that of the new document')
  const after = collection.findOneAndUpdate({ a: 2 }, { $set: { b: 2 } }, { ...found, returnDocument: 'after' })
  await expect(after).rejects.toMatchObject({ code: 2 })
})

it('takes the first or the last in the order of the documents', async () => {
  const collection = server.collection()
  await collection.insertMany(numbers(3))
  const last = await collection.findOneAndUpdate({}, { $set: { last: 1 } }, { sort: { $natural: -1 } as never })
  expect(last).toMatchObject({ _id: 2 })
})

it('takes only a number as it is written for a place in an array', async () => {
  const collection = server.collection()
  await collection.createIndex({ 'a.01': 1 })
  await collection.insertMany([{ a: [1, 2] }, { a: [{ '01': 2 }] }])
  expect(await collection.find({ 'a.01': 2 }, { projection: { _id: 0 } }).toArray()).toEqual([{ a: [{ '01': 2 }] }])
})

it('indexes several fields of an array that stands at a place of another', async () => {
  const collection = server.collection()
  await collection.createIndex({ 'a.0.b.x': 1, 'a.0.b.y': 1 })
  const b = [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
  ]
  await collection.insertMany([
    { _id: 1 as never, a: [{ b }] },
    { _id: 2 as never, a: [7, { b }] },
  ])
  const sorted = collection.find({}, { projection: { _id: 1 } }).sort({ 'a.0.b.x': 1, 'a.0.b.y': 1 })
  expect(await sorted.toArray()).toEqual([{ _id: 2 }, { _id: 1 }])
  await collection.updateOne({ _id: 1 as never }, { $set: { 'a.0.b.1.y': 5 } })
  expect(await collection.countDocuments({ 'a.0.b.y': 5 })).toBe(1)
})

it('joins another collection', async () => {
  const [orders, people] = [server.collection(), server.collection()]
  await people.insertMany([{ _id: 1, name: 'Ann' }] as Document[])
  await orders.insertMany([
    { _id: 10, person: 1 },
    { _id: 11, person: 2 },
    { _id: 12, person: [] },
  ] as Document[])
  const stage = { $lookup: { from: people.collectionName, localField: 'person', foreignField: '_id', as: 'who' } }
  expect(await orders.aggregate([stage, { $sort: { _id: 1 } }]).toArray()).toEqual([
    { _id: 10, person: 1, who: [{ _id: 1, name: 'Ann' }] },
    { _id: 11, person: 2, who: [] },
    { _id: 12, person: [], who: [] },
  ])
  // No value looks for null, which is also what a missing field is.
  const byAge = { $lookup: { ...stage.$lookup, foreignField: 'age' } }
  const [last] = await orders.aggregate([{ $sort: { _id: -1 } }, byAge]).toArray()
  expect(last?.who).toEqual([{ _id: 1, name: 'Ann' }])
})

it('lists and drops collections and databases', async () => {
  const collection = server.collection()
  await collection.insertOne({})
  expect(
    (await server.db().listCollections({ name: collection.collectionName }).toArray()).map(({ name }) => name),
  ).toEqual([collection.collectionName])
  await collection.drop()
  expect(await server.db().listCollections({ name: collection.collectionName }).toArray()).toEqual([])
  expect(await collection.countDocuments()).toBe(0)
})

it.skipIf(isOtherServer)('refuses what it does not have with an error of MongoDB', async () => {
  const collection = server.collection()
  await collection.insertOne({})
  const refused = async (command: Document) =>
    (
      await server
        .db()
        .command(command)
        .catch((error) => error)
    ).code
  expect(await refused({ mapReduce: 'c' })).toBe(59)
  expect(await refused({ create: 'v', viewOn: 'c' })).toBe(115)
  expect(await refused({ create: 't', capped: true, size: 1000 })).toBe(115)
  expect(await refused({ find: 'c', collation: { locale: 'en' } })).toBe(115)
  expect(await refused({ createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 'a' }] })).toBe(67)
  expect(await refused({ aggregate: 'c', pipeline: [{ $out: 'x' }], cursor: {} })).toBe(40324)
  expect(await refused({ find: 'c', txnNumber: long(1), startTransaction: true, autocommit: false })).toBe(20)
})

it('ends what takes longer than it may, and keeps nothing of it', async ({ skip }) => {
  const collection = server.collection()
  await collection.insertMany(numbers(20_000))
  const late = { code: 50, codeName: 'MaxTimeMSExpired' }
  const all = { n: { $gte: 0 } }
  await expect(collection.countDocuments(all, { maxTimeMS: 1 })).rejects.toMatchObject(late)
  await expect(collection.find(all).sort({ n: 1 }).maxTimeMS(1).toArray()).rejects.toMatchObject(late)
  await expect(collection.updateMany(all, { $set: { late: 1 } }, { maxTimeMS: 1 })).rejects.toMatchObject({ code: 50 })
  await expect(collection.deleteMany(all, { maxTimeMS: 1 })).rejects.toMatchObject({ code: 50 })
  expect(await collection.countDocuments({ late: { $exists: false } }, { maxTimeMS: 20_000 })).toBe(20_000)
  skip(await server.isReference(), 'it takes a negative time for none, and gives the building of an index all it takes')
  const command = { find: collection.collectionName, maxTimeMS: -1 }
  await expect(server.db().command(command)).rejects.toMatchObject({ code: 2 })
  await expect(collection.createIndex({ n: 1 }, { maxTimeMS: 1 })).rejects.toMatchObject({ code: 50 })
  expect(await collection.indexes()).toHaveLength(1)
})

it('refuses a document beyond 16 MB and stays there for the next', async () => {
  const collection = server.collection()
  await collection.insertOne({ _id: 1 as never, text: 'x'.repeat(9_000_000) })
  const grow = collection.updateOne({}, [{ $set: { more: '$text' } }])
  await expect(grow).rejects.toThrow()
  expect(await collection.countDocuments({ more: { $exists: true } })).toBe(0)
})
