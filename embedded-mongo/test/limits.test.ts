import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BSON, type Document, MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type EmbeddedMongo, startEmbeddedMongo } from '../server.ts'
import { answerOf, ask, body, message, socketPath } from './raw-client.ts'

const limits = {
  connections: 12,
  strangers: 4,
  firstMessageMs: 500,
  strangerSilenceMs: 500,
  cursors: 3,
  cursorIdleMs: 500,
}
let dir: string
let store: EmbeddedMongo
let client: MongoClient
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-limits-'))
  const tcp = { port: 0, user: 'u', password: 'p' }
  store = await startEmbeddedMongo({ dir, tcp, sweepMs: 100, limits })
  client = await new MongoClient(await localUri(), { maxPoolSize: 2 }).connect()
})
afterAll(async () => {
  await client.close()
  await store.close()
  await rm(dir, { recursive: true })
})

const localUri = async () =>
  `mongodb://${encodeURIComponent(await socketPath(dir))}/?directConnection=true&retryWrites=false`
const port = () => Number(new URL(store.uri).port)
const db = () => client.db('limits')
const connections = async (): Promise<Document> => (await db().command({ serverStatus: 1 })).connections
const closed = (socket: Socket) => new Promise<void>((done) => socket.resume().once('close', () => done()))
const dialled: Socket[] = []
afterEach(async () => {
  for (const socket of dialled.splice(0)) socket.destroy()
  await expect.poll(async () => (await connections()).current).toBeLessThanOrEqual(4)
})
const dial = async (at: string | number) => {
  const socket = typeof at === 'string' ? connect(at) : connect(at, '127.0.0.1')
  await once(socket, 'connect')
  dialled.push(socket.on('error', () => {}))
  return socket
}

it('closes the connections that are over the limit, counts them, and serves those within', async () => {
  const before = await connections()
  const path = await socketPath(dir)
  const open: Socket[] = []
  for (let count = before.current; count < limits.connections; count++) open.push(await dial(path))
  for (const socket of open) expect(await ask(socket, { ping: 1 })).toEqual({ ok: 1 })
  await closed(await dial(path))
  const full = await connections()
  expect(full).toMatchObject({ current: limits.connections, available: 0, rejected: before.rejected + 1 })
  expect(full.totalCreated).toBe(before.totalCreated + open.length)
  for (const socket of open) socket.end()
  await expect.poll(async () => (await connections()).available).toBeGreaterThan(0)
  expect(await ask(await dial(path), { ping: 1 })).toEqual({ ok: 1 })
})

it('bounds who does not log in, in number and time, and nobody else by that', async () => {
  const { rejected } = await connections()
  const strangers = await Promise.all(Array.from({ length: limits.strangers }, () => dial(port())))
  await closed(await dial(port()))
  expect((await connections()).rejected).toBe(rejected + 1)
  const [speaking, trickling, ...silent] = strangers as [Socket, Socket, ...Socket[]]
  const trickle = setInterval(() => trickling.write(Buffer.from([0])), 100)
  const said = setInterval(() => ask(speaking, { hello: 1 }), 50)
  await Promise.all([...silent, trickling].map(closed))
  clearInterval(trickle)
  expect(speaking.destroyed).toBe(false)
  clearInterval(said)
  await closed(speaking)
  await expect.poll(async () => (await connections()).current).toBeLessThan(limits.connections)
})

it('lets who has logged in be silent', async () => {
  const uri = store.uri.replace('/?', '/?heartbeatFrequencyMS=60000&')
  const member = await new MongoClient(uri, { maxPoolSize: 1, serverSelectionTimeoutMS: 5_000 }).connect()
  const names: string[] = []
  member.on('connectionCreated', () => names.push('created'))
  await member.db('limits').command({ ping: 1 })
  await new Promise((done) => setTimeout(done, limits.strangerSilenceMs * 1.5))
  await member.db('limits').command({ ping: 1 })
  expect(names.length).toBeLessThanOrEqual(1)
  await member.close()
})

it('keeps so many cursors, gives room again when some are closed, and ends idle ones', async () => {
  const collection = db().collection('cursors')
  await collection.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })))
  const open = () => db().command({ find: 'cursors', batchSize: 1 }, { promoteLongs: false })
  const total = async () => (await db().command({ serverStatus: 1 })).metrics.cursor.open.total
  const first = await open()
  for (let count = 1; count < limits.cursors; count++) await open()
  await expect(open()).rejects.toMatchObject({ code: 2 })
  await db().command({ killCursors: 'cursors', cursors: [first.cursor.id] })
  const last = await open()
  await expect.poll(total, { timeout: 10_000 }).toBe(0)
  const more = db().command({ getMore: last.cursor.id, collection: 'cursors' })
  await expect(more).rejects.toMatchObject({ code: 43, codeName: 'CursorNotFound' })
})

it('lets a cursor outlive the connection that opened it', async () => {
  const socket = await dial(await socketPath(dir))
  const { cursor } = await ask(socket, { find: 'cursors', batchSize: 2, $db: 'limits' })
  socket.destroy()
  await once(socket, 'close')
  const more = await db().command({ getMore: BSON.Long.fromBigInt(BigInt(cursor.id)), collection: 'cursors' })
  expect(more.cursor.nextBatch).toHaveLength(8)
})

it('does not read on from a client that reads no answers', async () => {
  const text = 'x'.repeat(1_000_000)
  await db().collection<{ _id: number; text: string }>('large').insertOne({ _id: 1, text })
  const find = message([body({ find: 'large', filter: { _id: 1 }, $db: 'limits' })])
  const socket = await dial(await socketPath(dir))
  socket.pause()
  const resident = async () => (await db().command({ serverStatus: 1 })).mem.resident
  const before = await resident()
  const asked = 10_000
  socket.write(Buffer.concat(Array.from({ length: asked }, () => find)))
  for (let round = 0; round < 20; round++)
    await db()
      .collection('large')
      .findOne({ _id: 1 as never })
  // All answers would take 10 GB.
  expect((await resident()) - before).toBeLessThan(200)
  expect(socket.writableLength).toBeGreaterThan(0)
  socket.destroy()
})

it('answers what was sent ahead, each in its turn', async () => {
  const socket = await dial(await socketPath(dir))
  const asked = Array.from({ length: 3_000 }, (_, n) =>
    message([body({ count: 'cursors', skip: n % 11, $db: 'limits' })]),
  )
  const answers: number[] = []
  let bytes = Buffer.alloc(0)
  socket.on('data', (piece) => {
    bytes = Buffer.concat([bytes, piece])
    while (bytes.length >= 4 && bytes.length >= bytes.readInt32LE(0)) {
      answers.push(BSON.deserialize(bytes.subarray(21, bytes.readInt32LE(0))).n)
      bytes = bytes.subarray(bytes.readInt32LE(0))
    }
  })
  socket.write(Buffer.concat(asked))
  await expect.poll(() => answers.length, { timeout: 20_000 }).toBe(asked.length)
  expect(answers).toEqual(asked.map((_, n) => 10 - (n % 11)))
  socket.end()
})

/** Takes minutes. */
async function beginEndlessRead(): Promise<Socket> {
  await db()
    .collection('many')
    .insertMany(Array.from({ length: 5_000 }, (_, n) => ({ n })))
  const lookup = { from: 'many', localField: 'n', foreignField: 'no', as: 'none' }
  const socket = await dial(await socketPath(dir))
  socket.write(
    message([body({ aggregate: 'many', pipeline: [{ $lookup: lookup }, { $count: 'n' }], cursor: {}, $db: 'limits' })]),
  )
  await expect.poll(async () => (await connections()).active).toBe(2)
  return socket
}

it('stops reading for a client that has gone', async () => {
  const socket = await beginEndlessRead()
  socket.destroy()
  await expect.poll(async () => (await connections()).active).toBe(1)
})

it('lets one getMore at a time read from a cursor, and ends it when the cursor is killed or its collection dropped', async () => {
  await db().collection('many').drop()
  const ends: [Document, number][] = [
    [{ killCursors: 'many' }, 237],
    [{ drop: 'many' }, 175],
  ]
  for (const [end, code] of ends) {
    await db()
      .collection('many')
      .insertMany(Array.from({ length: 5_000 }, (_, n) => ({ n })))
    const slow = { $lookup: { from: 'many', localField: 'n', foreignField: 'no', as: 'none' } }
    const pipeline = [slow, { $match: { n: 0 } }]
    const command = { aggregate: 'many', pipeline, cursor: { batchSize: 0 } }
    const { id } = (await db().command(command, { promoteLongs: false })).cursor
    const more = { getMore: id, collection: 'many' }
    const reading = expect(db().command(more)).rejects.toMatchObject({ code })
    await expect.poll(async () => (await connections()).active).toBe(2)
    await expect(db().command(more)).rejects.toMatchObject({ code: 12051, codeName: 'CursorInUse' })
    await db().command('killCursors' in end ? { ...end, cursors: [id] } : end)
    await reading
    await expect(db().command(more)).rejects.toMatchObject({ code: 43 })
  }
})

it('ends a read that would go on when the store closes, and waits for nobody who does not read', async () => {
  const deaf = (await dial(await socketPath(dir))).pause()
  deaf.write(message([body({ find: 'large', $db: 'limits' })]))
  const socket = await beginEndlessRead()
  const answer = answerOf(socket)
  await client.close()
  await store.close()
  expect(await answer).toMatchObject({ code: 11600, codeName: 'InterruptedAtShutdown' })
  store = await startEmbeddedMongo({ dir })
  client = await new MongoClient(store.uri).connect()
})
