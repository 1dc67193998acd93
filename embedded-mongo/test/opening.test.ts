import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startEmbeddedMongo } from '../server.ts'
import { StoreInUseError, UnusableStoreError } from '../start-errors.ts'
import { runningStoreUri } from '../store-note.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-open-'))
})
afterEach(() => rm(dir, { recursive: true }))

const isOneLine = (error: Error) => !error.message.includes('\n')
const refusal = (start: Promise<unknown>) =>
  start.then(
    () => undefined,
    (error: Error) => error,
  )

it('refuses a second start on one directory in one line', async () => {
  const store = await startEmbeddedMongo({ dir })
  const error = await refusal(startEmbeddedMongo({ dir }))
  expect(error).toBeInstanceOf(StoreInUseError)
  expect(error && isOneLine(error)).toBe(true)
  await new MongoClient(store.uri).db('d').command({ ping: 1 })
  await store.close()
})

it('takes no word of the path for the reason', async () => {
  const named = join(dir, 'not in use')
  await mkdir(named)
  await writeFile(join(named, 'store.sqlite'), 'my notes')
  expect(await refusal(startEmbeddedMongo({ dir: named }))).toBeInstanceOf(UnusableStoreError)
})

it('refuses a start in a second process', async () => {
  const store = await startEmbeddedMongo({ dir })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writer-process.ts'), dir])
  let said = ''
  child.stderr.on('data', (piece) => {
    said += piece
  })
  const [code] = await once(child, 'close')
  expect(code).not.toBe(0)
  expect(said).toContain('is in use by another process')
  await store.close()
})

it('refuses a file of another program and leaves it as it was', async () => {
  const file = join(dir, 'store.sqlite')
  const foreign = new DatabaseSync(file)
  foreign.exec('CREATE TABLE theirs(x)')
  foreign.close()
  const before = await readFile(file)
  expect(await refusal(startEmbeddedMongo({ dir }))).toBeInstanceOf(UnusableStoreError)
  expect((await readFile(file)).equals(before)).toBe(true)
})

it('refuses what is no database at all and leaves it as it was', async () => {
  const file = join(dir, 'store.sqlite')
  await writeFile(file, 'my notes, not a database: '.repeat(100))
  const error = await refusal(startEmbeddedMongo({ dir }))
  expect(error).toBeInstanceOf(UnusableStoreError)
  expect(error && isOneLine(error)).toBe(true)
  expect(await readFile(file, 'utf8')).toContain('my notes')
})

it('refuses its own file when it is torn', async () => {
  const store = await startEmbeddedMongo({ dir })
  const client = await new MongoClient(store.uri).connect()
  await client
    .db('d')
    .collection('c')
    .insertMany(Array.from({ length: 2000 }, (_, n) => ({ n, text: 'x'.repeat(100) })))
  await client.close()
  await store.close()
  const file = join(dir, 'store.sqlite')
  const whole = await readFile(file)
  await writeFile(file, whole.subarray(0, whole.length / 2))
  const error = await refusal(startEmbeddedMongo({ dir }))
  expect(error).toBeInstanceOf(UnusableStoreError)
  expect(error && isOneLine(error)).toBe(true)
  expect((await stat(file)).size).toBe(Math.floor(whole.length / 2))
})

it('opens a large file at once, and names the damage to who reads the damaged place', async () => {
  const store = await startEmbeddedMongo({ dir })
  const writer = await new MongoClient(store.uri).connect()
  const text = 'x'.repeat(500)
  await writer
    .db('d')
    .collection<{ _id: number; text: string }>('c')
    .insertMany(Array.from({ length: 20_000 }, (_, _id) => ({ _id, text })))
  await writer.close()
  await store.close()
  const file = join(dir, 'store.sqlite')
  const handle = await open(file, 'r+')
  const { size } = await handle.stat()
  expect(size).toBeGreaterThan(8 * 1024 * 1024)
  await handle.write(Buffer.alloc(64 * 1024, 0xaa), 0, 64 * 1024, size / 2)
  await handle.close()
  const again = await startEmbeddedMongo({ dir })
  const reader = await new MongoClient(again.uri).connect()
  const entries = reader.db('d').collection<{ _id: number; text: string }>('c')
  expect((await entries.findOne({ _id: 1 }))?.text).toBe(text)
  await expect(entries.find().toArray()).rejects.toMatchObject({ code: 1, message: expect.stringContaining('backup') })
  expect(await reader.db('d').command({ ping: 1 })).toMatchObject({ ok: 1 })
  await reader.close()
  await again.close()
})

it('refuses a newer format and says so', async () => {
  await (await startEmbeddedMongo({ dir })).close()
  const db = new DatabaseSync(join(dir, 'store.sqlite'))
  db.exec('PRAGMA user_version = 99')
  db.close()
  expect(await refusal(startEmbeddedMongo({ dir }))).toMatchObject({ message: expect.stringContaining('format 99') })
})

it('tells others where it is reached while it runs, and nobody else can go there', async () => {
  expect(await runningStoreUri(dir)).toBeUndefined()
  const store = await startEmbeddedMongo({ dir })
  expect(await runningStoreUri(dir)).toBe(store.uri)
  const socket = decodeURIComponent(store.uri.slice('mongodb://'.length).split('/')[0] as string)
  expect((await stat(dirname(socket))).mode & 0o777).toBe(0o700)
  for (const name of ['store.uri', 'store.sqlite', 'store.sqlite-wal'])
    expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600)
  await store.close()
  expect(await runningStoreUri(dir)).toBeUndefined()
  expect(existsSync(dirname(socket))).toBe(false)
})

it('clears away the socket that a killed process left behind, and is not fooled by its note', async () => {
  const folder = await mkdtemp(join(dir, 'left-'))
  const stale = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen('${join(folder, 's.sock')}', () => console.log())`,
  ])
  await once(stale.stdout, 'data')
  stale.kill('SIGKILL')
  await once(stale, 'close')
  await writeFile(join(dir, 'store.uri'), `mongodb://${encodeURIComponent(join(folder, 's.sock'))}/?x=1\n`)
  expect(await runningStoreUri(dir)).toBeUndefined()
  const store = await startEmbeddedMongo({ dir })
  expect(await runningStoreUri(dir)).toBe(store.uri)
  expect(existsSync(folder)).toBe(false)
  await store.close()
})

it('keeps what was written over a restart, and syncs every commit', async () => {
  const first = await startEmbeddedMongo({ dir })
  const writer = await new MongoClient(first.uri).connect()
  await writer.db('d').collection('c').createIndex({ a: 1 }, { unique: true })
  await writer.db('d').collection('c').insertOne({ a: 1 })
  await writer.close()
  await first.close()
  const second = await startEmbeddedMongo({ dir })
  const reader = await new MongoClient(second.uri).connect()
  expect(await reader.db('d').collection('c').countDocuments({ a: 1 })).toBe(1)
  await expect(reader.db('d').collection('c').insertOne({ a: 1 })).rejects.toMatchObject({ code: 11000 })
  expect((await reader.db('admin').command({ serverStatus: 1 })).storageEngine.synchronous).toBe('full')
  await reader.close()
  await second.close()
})
