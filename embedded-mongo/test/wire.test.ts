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

it('outlives any bytes', { timeout: 60_000 }, async () => {
  const valid = message([
    body({ update: 'c', updates: [{ q: { a: 1 }, u: { $set: { b: [1, 'x'] } }, upsert: true }], $db: 'wire' }),
  ])
  const mutation = fc.array(fc.tuple(fc.nat({ max: valid.length - 1 }), fc.nat({ max: 255 })), {
    minLength: 1,
    maxLength: 6,
  })
  const property = fc.asyncProperty(mutation, async (changes) => {
    const bytes = Buffer.from(valid)
    for (const [at, value] of changes) bytes[at] = value
    const socket = connect(path())
    socket.on('error', () => socket.destroy())
    socket.end(bytes)
    socket.resume()
    await once(socket, 'close')
  })
  await fc.assert(property, { numRuns: 300 })
  const client = await new MongoClient(store.uri).connect()
  expect((await client.db('wire').command({ ping: 1 })).ok).toBe(1)
  await client.close()
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
