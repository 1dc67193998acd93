import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startEmbeddedMongo } from '../server.ts'
import { StoreInUseError } from '../start-errors.ts'
import { runningStoreUri } from '../store-note.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-port-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(dir, { recursive: true })
})

const note = () => readFile(join(dir, 'store.uri'), 'utf8')

async function withClient<T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 })
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

it('is reached without a socket by a port, a name and a password that only its note tells', async () => {
  const store = await startEmbeddedMongo({ dir, socket: false })
  const { hostname, username, password } = new URL(store.uri)
  expect(hostname).toBe('127.0.0.1')
  expect(password).toMatch(/^[0-9a-f]{64}$/)
  expect(await note()).toBe(`${store.uri}\n`)
  expect((await stat(join(dir, 'store.uri'))).mode & 0o777).toBe(0o600)
  await withClient(store.uri, async (client) => client.db('d').collection('c').insertOne({ a: 1 }))
  const stranger = store.uri.replace(`${username}:${password}@`, '').replace('&authMechanism=SCRAM-SHA-256', '')
  const count = { count: 'c' }
  await expect(withClient(stranger, (client) => client.db('d').command(count))).rejects.toMatchObject({ code: 13 })
  const wrong = store.uri.replace(password, 'f'.repeat(64))
  await expect(withClient(wrong, (client) => client.db('d').command(count))).rejects.toMatchObject({ code: 18 })
  await store.close()
})

it('tells others where it is reached while it runs, has another password at each start, and is the only one', async () => {
  const first = await startEmbeddedMongo({ dir, socket: false })
  expect(await runningStoreUri(dir)).toBe(first.uri)
  await expect(startEmbeddedMongo({ dir, socket: false })).rejects.toThrow(StoreInUseError)
  expect(await runningStoreUri(dir)).toBe(first.uri)
  await first.close()
  expect(await runningStoreUri(dir)).toBeUndefined()
  const second = await startEmbeddedMongo({ dir, socket: false })
  expect(new URL(second.uri).password).not.toBe(new URL(first.uri).password)
  await second.close()
})

it.each(['x'.repeat(100), 'no-such-folder'])(
  'takes a port where TMPDIR has no place for a socket: %s',
  async (name) => {
    const temporary = join(dir, name)
    if (name.startsWith('x')) await mkdir(temporary)
    vi.stubEnv('TMPDIR', temporary)
    const store = await startEmbeddedMongo({ dir })
    expect(new URL(store.uri).hostname).toBe('127.0.0.1')
    expect(await runningStoreUri(dir)).toBe(store.uri)
    await withClient(store.uri, (client) => client.db('d').collection('c').insertOne({ a: 1 }))
    await store.close()
  },
)

it('makes a backup over the port, for the one who started it and nobody else', async () => {
  const tcp = { port: 0, user: 'guest', password: 'secret' }
  const store = await startEmbeddedMongo({ dir, socket: false, tcp })
  const own = (await runningStoreUri(dir)) ?? ''
  expect(own).not.toBe(store.uri)
  const backup = { backup: 1, to: join(dir, 'copy.sqlite') }
  await withClient(own, (client) => client.db('d').collection('c').insertOne({ a: 1 }))
  const refused = withClient(store.uri, (client) => client.db('admin').command(backup))
  await expect(refused).rejects.toMatchObject({ code: 13 })
  expect(await withClient(own, (client) => client.db('admin').command(backup))).toMatchObject({ ok: 1 })
  expect((await stat(backup.to)).size).toBeGreaterThan(0)
  await store.close()
})

it('is not fooled by another program, or another store, that has its port now', async () => {
  const store = await startEmbeddedMongo({ dir, socket: false })
  const { port, username } = new URL(store.uri)
  const left = (at: number) => writeFile(join(dir, 'store.uri'), store.uri.replace(`:${port}/`, `:${at}/`))
  const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1')
  await once(other, 'listening')
  await left((other.address() as { port: number }).port)
  expect(await runningStoreUri(dir)).toBeUndefined()
  other.close()
  await writeFile(join(dir, 'store.uri'), store.uri.replace(username, 'store-0000000000000000'))
  expect(await runningStoreUri(dir)).toBeUndefined()
  await writeFile(join(dir, 'store.uri'), store.uri)
  expect(await runningStoreUri(dir)).toBe(store.uri)
  await store.close()
})
