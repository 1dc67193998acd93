import type { Document, MongoServerError } from 'mongodb'
import { expect, it } from 'vitest'
import { isOtherServer, long, useServer } from './server-under-test.ts'

const server = useServer()
/** By MongoDB's source. The reference engine's gateway looks at hardly any of it, and has codes of its own. */
const strict = it.skipIf(isOtherServer)

/** The answer to a command, or the error it is refused with. */
async function answer(command: Document): Promise<Document> {
  return server
    .db()
    .command(command, { promoteLongs: false })
    .catch((error: MongoServerError) => error.errorResponse ?? error)
}

async function filled(count: number, text = ''): Promise<string> {
  const collection = server.collection()
  await collection.insertMany(Array.from({ length: count }, (_, n) => ({ _id: n as never, n, text })))
  return collection.collectionName
}
const firstBatch = async (command: Document): Promise<Document> => (await answer(command)).cursor

strict('gives nothing at first for batchSize 0, and all of it by getMore', async () => {
  const name = await filled(5)
  const cursor = await firstBatch({ find: name, batchSize: 0 })
  expect(cursor.firstBatch).toEqual([])
  expect(cursor.id.isZero()).toBe(false)
  const more = await answer({ getMore: cursor.id, collection: name, batchSize: 0 })
  expect(more.cursor.nextBatch).toHaveLength(5)
  expect(more.cursor.id.isZero()).toBe(true)
})

it('keeps no cursor for singleBatch', async () => {
  const name = await filled(5)
  const cursor = await firstBatch({ find: name, batchSize: 2, singleBatch: true })
  expect(cursor.firstBatch).toHaveLength(2)
  expect(cursor.id.isZero()).toBe(true)
  expect(await server.db().collection(name).find().limit(-3).toArray()).toHaveLength(3)
})

strict('refuses negative numbers, but for the limit of a count', async () => {
  const name = await filled(5)
  for (const field of ['limit', 'skip', 'batchSize'])
    expect(await answer({ find: name, [field]: -1 })).toMatchObject({ code: 51024 })
  expect(await answer({ aggregate: name, pipeline: [], cursor: { batchSize: -1 } })).toMatchObject({ code: 51024 })
  expect(await answer({ count: name, limit: -2 })).toMatchObject({ n: 2 })
})

strict('refuses a getMore by what is no cursor id, with another namespace, and once its cursor is closed', async () => {
  const name = await filled(5)
  const open = () => firstBatch({ find: name, batchSize: 1 })
  const { id } = await open()
  expect(await answer({ getMore: 7, collection: name })).toMatchObject({ code: 14 })
  expect(await answer({ getMore: 'x', collection: name })).toMatchObject({ code: 14 })
  expect(await answer({ getMore: id, collection: 7 })).toMatchObject({ code: 14 })
  expect(await answer({ getMore: id, collection: 'another' })).toMatchObject({ code: 13, codeName: 'Unauthorized' })
  expect(await answer({ getMore: id.add(1), collection: name })).toMatchObject({ code: 43 })
  expect((await answer({ getMore: id, collection: name })).cursor.nextBatch).toHaveLength(4)
  const second = await open()
  expect(await answer({ killCursors: name, cursors: [second.id, long(77)] })).toMatchObject({
    cursorsKilled: [second.id],
    cursorsNotFound: [long(77)],
  })
  expect(await answer({ getMore: second.id, collection: name })).toMatchObject({ code: 43 })
  expect(await answer({ killCursors: name, cursors: [7] })).toMatchObject({ code: 14 })
  expect(await answer({ killCursors: name, cursors: id })).toMatchObject({ code: 14 })
})

strict('tells who asks for more of a dropped collection that it is gone', async () => {
  const name = await filled(5)
  const { id } = await firstBatch({ find: name, batchSize: 1 })
  await server.db().dropCollection(name)
  expect(await answer({ getMore: id, collection: name })).toMatchObject({ code: 175, codeName: 'QueryPlanKilled' })
  expect(await answer({ getMore: id, collection: name })).toMatchObject({ code: 43 })
})

strict('counts the time of getMores to the find that they go on with', async () => {
  const name = await filled(3_000)
  // Reads all for each, and lets only the first through: the second batch would take half a minute.
  const joined = { $lookup: { from: name, localField: 'n', foreignField: 'none', as: 'none' } }
  const pipeline = [joined, { $match: { n: 0 } }]
  const cursor = await firstBatch({ aggregate: name, pipeline, cursor: { batchSize: 1 }, maxTimeMS: 2_000 })
  expect(cursor.firstBatch).toHaveLength(1)
  expect(await answer({ getMore: cursor.id, collection: name })).toMatchObject({ code: 50 })
  expect(await answer({ getMore: cursor.id, collection: name })).toMatchObject({ code: 43 })
  const timed = await firstBatch({ find: name, batchSize: 1, maxTimeMS: 60_000 })
  const own = await answer({ getMore: timed.id, collection: name, maxTimeMS: 1_000 })
  expect(own).toMatchObject({ code: 2, errmsg: expect.stringContaining('non-awaitData') })
  expect((await answer({ getMore: timed.id, collection: name, batchSize: 3 })).cursor.nextBatch).toHaveLength(3)
})

const taken: Document[] = [
  { find: 'c', readConcern: { level: 'local' } },
  { find: 'c', readConcern: { level: 'majority' } },
  { find: 'c', readConcern: { level: 'available' } },
  { find: 'c', readConcern: {} },
  { find: 'c', $readPreference: { mode: 'secondaryPreferred', tags: [{}] } },
  { find: 'c', apiVersion: '1', apiStrict: true, apiDeprecationErrors: true },
  { insert: 'c', documents: [{}], writeConcern: { w: 1, j: true, wtimeout: 5 } },
  { insert: 'c', documents: [{}], writeConcern: { w: 'majority' } },
  { insert: 'c', documents: [{}], writeConcern: { w: 0 } },
  { insert: 'c', documents: [{}], writeConcern: {} },
  { distinct: 'c', key: 'a', apiVersion: '1' },
]
it.each(taken)('takes %o', async (command) => {
  expect(await answer(command)).toMatchObject({ ok: 1 })
})

const refused: [Document, number][] = [
  [{ find: 'c', readConcern: { level: 'eventual' } }, 9],
  [{ find: 'c', readConcern: { size: 1 } }, 72],
  [{ find: 'c', readConcern: { level: 'linearizable' } }, 123],
  [{ find: 'c', readConcern: { level: 'snapshot' } }, 123],
  [{ find: 'c', $readPreference: { mode: 'nobody' } }, 2],
  [{ find: 'c', writeConcern: { w: 1 } }, 72],
  [{ insert: 'c', documents: [{}], writeConcern: 1 }, 14],
  [{ insert: 'c', documents: [{}], writeConcern: { w: 2 } }, 2],
  [{ insert: 'c', documents: [{}], writeConcern: { w: 51 } }, 9],
  [{ insert: 'c', documents: [{}], writeConcern: { w: -1 } }, 9],
  [{ insert: 'c', documents: [{}], writeConcern: { w: 'two-rooms' } }, 2],
  [{ insert: 'c', documents: [{}], writeConcern: { speed: 1 } }, 40415],
  [{ find: 'c', apiVersion: '2' }, 322],
  [{ find: 'c', apiStrict: true }, 4886600],
  [{ distinct: 'c', key: 'a', apiVersion: '1', apiStrict: true }, 323],
  [{ find: 'c', maxTimeMS: 'soon' }, 14],
]
strict.each(refused)('refuses %o with code %i', async (command, code) => {
  expect(await answer(command)).toMatchObject({ ok: 0, code })
})

strict('takes no more than 100,000 writes in a command, and at least one', async () => {
  const name = server.collection().collectionName
  const deletes = (count: number) => Array.from({ length: count }, () => ({ q: { _id: 1 }, limit: 1 }))
  expect(await answer({ delete: name, deletes: deletes(100_001) })).toMatchObject({ ok: 0, code: 16 })
  for (const empty of [
    { insert: name, documents: [] },
    { update: name, updates: [] },
    { delete: name, deletes: [] },
  ])
    expect(await answer(empty)).toMatchObject({ ok: 0, code: 16 })
})

strict('keeps a document of 16 MiB, and none that grows beyond by an update or an upsert', async () => {
  const collection = server.collection()
  const tooLarge = { code: 10334 }
  const half = 'x'.repeat(9_000_000)
  await collection.insertOne({ _id: 1 as never, half })
  await expect(collection.updateOne({}, { $set: { other: half } })).rejects.toMatchObject(tooLarge)
  await expect(collection.updateOne({}, [{ $set: { other: '$half' } }])).rejects.toMatchObject(tooLarge)
  await expect(collection.findOneAndUpdate({}, { $set: { other: half } })).rejects.toMatchObject(tooLarge)
  const upsert = collection.updateOne({ _id: 2 as never, half }, [{ $set: { other: '$half' } }], { upsert: true })
  await expect(upsert).rejects.toMatchObject(tooLarge)
  expect(await collection.countDocuments()).toBe(1)
  expect(await collection.countDocuments({ other: { $exists: true } })).toBe(0)
})

strict('keeps nothing that is nested so deeply that it could not be read again', async () => {
  const collection = server.collection()
  const nested = (levels: number): Document => (levels <= 1 ? { end: 1 } : { a: nested(levels - 1) })
  const command = (levels: number) => answer({ insert: collection.collectionName, documents: [nested(levels)] })
  expect(await command(180)).toMatchObject({ n: 1 })
  expect((await command(181)).writeErrors).toMatchObject([{ code: 15 }])
  await collection.insertOne({ _id: 1 as never, ...nested(100) })
  const path = Array.from({ length: 100 }, () => 'a').join('.')
  const grow = {
    update: collection.collectionName,
    updates: [{ q: { _id: 1 }, u: { $set: { [`b.${path}`]: nested(100) } } }],
  }
  expect((await answer(grow)).writeErrors).toMatchObject([{ code: 15 }])
  expect(await collection.countDocuments()).toBe(2)
})
