import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { BSON, MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmbeddedMongo, startEmbeddedMongo } from '../server.ts'
import { answerOf, body, int32, message } from './raw-client.ts'

const messages = Number(process.env.WIRE_MESSAGES ?? 500)
let dir: string
let store: EmbeddedMongo
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-wire-'))
  store = await startEmbeddedMongo({ dir, sweepMs: 50 })
})
afterAll(async () => {
  await store.close()
  await rm(dir, { recursive: true })
})

const path = () => decodeURIComponent(store.uri.slice('mongodb://'.length).split('/')[0] as string)

it('takes documents from a sequence beside the body, and a message in small pieces', async () => {
  const socket = connect(path())
  const documents = [{ _id: 1 }, { _id: 2 }].map((each) => Buffer.from(BSON.serialize(each)))
  const name = Buffer.from('documents\0')
  const sequence = Buffer.concat([
    Buffer.from([1]),
    int32(4 + name.length + Buffer.concat(documents).length),
    name,
    ...documents,
  ])
  const whole = message([sequence, body({ insert: 'pieces', $db: 'wire' })])
  for (let at = 0; at < whole.length; at += 9) socket.write(whole.subarray(at, at + 9))
  expect(await answerOf(socket)).toEqual({ n: 2, ok: 1 })
  socket.end()
})

it('does what it is told without answering when no answer is wanted', async () => {
  const socket = connect(path())
  socket.write(message([body({ insert: 'silent', documents: [{ _id: 1 }], $db: 'wire' })], 2))
  socket.write(message([body({ count: 'silent', $db: 'wire' })]))
  expect(await answerOf(socket)).toEqual({ n: 1, ok: 1 })
  socket.end()
})

it('closes the connection that sends no message, and no other', async () => {
  const other = await new MongoClient(store.uri).connect()
  const socket = connect(path())
  socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
  await once(socket, 'close')
  expect((await other.db('wire').command({ ping: 1 })).ok).toBe(1)
  await other.close()
})

/** Messages of every kind, as clients send them. */
const valid: Buffer[] = [
  { update: 'c', updates: [{ q: { a: 1 }, u: { $set: { b: [1, 'x'] } }, upsert: true }] },
  { insert: 'c', documents: [{ a: new Date(5), b: { c: [null, true, BSON.Long.fromNumber(7)] } }] },
  { find: 'c', filter: { a: { $in: [1, 'x'] }, b: /^x/i }, sort: { a: -1 }, projection: { b: 1 }, batchSize: 2 },
  { findAndModify: 'c', query: { a: { $gt: 1 } }, update: { $push: { b: { $each: [1], $slice: 3 } } }, new: true },
  { aggregate: 'c', pipeline: [{ $group: { _id: '$a', n: { $sum: { $add: ['$b', 1] } } } }], cursor: {} },
  { createIndexes: 'c', indexes: [{ key: { a: 1, 'b.c': -1 }, name: 'i', unique: false }] },
  { getMore: BSON.Long.fromNumber(77), collection: 'c' },
  { delete: 'c', deletes: [{ q: { a: 1 }, limit: 1 }] },
].map((command) => message([body({ ...command, $db: 'wire' })]))

const change = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat(), value: fc.nat({ max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), value: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('grow' as const), at: fc.nat(), value: fc.nat({ max: 255 }) }),
)
/**
 * What is changed, and whether the length at its beginning is set right again: then the change gets past the framing.
 */
const mutation = fc.record({
  base: fc.constantFrom(...valid),
  changes: fc.array(change, { minLength: 1, maxLength: 6 }),
  mended: fc.boolean(),
})

function mutated({ base, changes, mended }: typeof mutation extends fc.Arbitrary<infer T> ? T : never): Buffer {
  let bytes = Buffer.from(base)
  for (const { kind, at, value } of changes) {
    const place = bytes.length === 0 ? 0 : at % bytes.length
    if (kind === 'cut') bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + value)])
    else if (kind === 'grow')
      bytes = Buffer.concat([bytes.subarray(0, place), Buffer.alloc(1 + (value % 30), value), bytes.subarray(place)])
    else if (bytes.length > 0) bytes[place] = value
  }
  if (mended && bytes.length >= 4) bytes.writeInt32LE(bytes.length)
  return bytes
}

it('outlives any bytes, answers or closes, and serves the others', { timeout: 60_000 + messages * 50 }, async () => {
  const other = await new MongoClient(store.uri).connect()
  const property = fc.asyncProperty(mutation, async (each) => {
    const socket = connect(path())
    socket.on('error', () => socket.destroy())
    socket.end(mutated(each))
    socket.resume()
    await once(socket, 'close')
  })
  await fc.assert(property, { numRuns: messages })
  expect((await other.db('wire').command({ ping: 1 })).ok).toBe(1)
  await other.close()
})

it('deletes what has outlived its index, and nothing else', async () => {
  const client = await new MongoClient(store.uri).connect()
  const collection = client.db('wire').collection('expiring')
  await collection.createIndex({ at: 1 }, { expireAfterSeconds: 60 })
  const old = new Date(Date.now() - 61_000)
  await collection.insertMany([{ at: old }, { at: [new Date(), old] }, { at: new Date() }, { at: 'never' }, {}])
  await expect.poll(() => collection.countDocuments(), { timeout: 5000 }).toBe(3)
  await client.close()
})
