import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, copyFile, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startEmbeddedMongo } from '../server.ts'
import { UnusableStoreError } from '../start-errors.ts'

let dir: string
let file: string
let log: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-faults-'))
  file = join(dir, 'store.sqlite')
  log = `${file}-wal`
})
afterEach(() => rm(dir, { recursive: true }))

const program = join(import.meta.dirname, 'server-process.ts')

/** The files of a store as a kill would leave them: most of its documents are in its log still. */
async function killedStore(at: string, documents: number): Promise<void> {
  const running = await mkdtemp(join(tmpdir(), 'embedded-mongo-running-'))
  const store = await startEmbeddedMongo({ dir: running })
  const many = Array.from({ length: documents }, (_, n) => ({ n, text: 'x'.repeat(100) }))
  await withClient(store.uri, (client) => client.db('d').collection('c').insertMany(many))
  await mkdir(at, { recursive: true })
  for (const name of ['store.sqlite', 'store.sqlite-wal']) await copyFile(join(running, name), join(at, name))
  await store.close()
  await rm(running, { recursive: true })
}

async function withClient<T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = await new MongoClient(uri).connect()
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

async function count(): Promise<number> {
  const store = await startEmbeddedMongo({ dir })
  try {
    return await withClient(store.uri, (client) => client.db('d').collection('c').countDocuments())
  } finally {
    await store.close()
  }
}

/** What the start says, in its one line; every file is as it was. */
async function refusal(...files: string[]): Promise<string> {
  const before = await Promise.all(files.map((each) => readFile(each)))
  const error = await startEmbeddedMongo({ dir }).then(
    () => undefined,
    (refused: Error) => refused,
  )
  expect(error).toBeInstanceOf(UnusableStoreError)
  expect(error?.message).not.toContain('\n')
  const after = await Promise.all(files.map((each) => readFile(each)))
  expect(after.every((bytes, at) => bytes.equals(before[at] as Buffer))).toBe(true)
  return error?.message ?? ''
}

it('refuses a file whose bytes are others in the middle', async () => {
  await killedStore(dir, 2_000)
  expect(await count()).toBe(2_000)
  const bytes = await readFile(file)
  // Where a page says how it is laid out; what stands in a value is taken as it is.
  bytes.fill(0xee, bytes.length / 2 - 4_096, bytes.length / 2)
  await writeFile(file, bytes)
  expect(await refusal(file)).toContain('restore it from a backup')
})

it('refuses an empty file, and begins anew where it was removed', async () => {
  await writeFile(file, '')
  expect(await refusal(file)).toContain('is empty')
  await rm(file)
  expect(await count()).toBe(0)
})

it('refuses what is no file, and a file that ends in its header', async () => {
  await mkdir(file)
  expect(await refusal()).toContain('is no file')
  await rm(file, { recursive: true })
  await writeFile(file, 'SQLite format 3\0 and no more')
  expect(await refusal(file)).toContain('damaged')
})

it('refuses a log that is gone from its file, and the log of another store or program', async () => {
  const other = join(dir, 'other')
  await killedStore(other, 500)
  await copyFile(join(other, 'store.sqlite-wal'), log)
  expect(await refusal(log)).toContain('is gone')
  await rm(log)
  expect(await count()).toBe(0)
  await copyFile(join(other, 'store.sqlite-wal'), log)
  expect(await refusal(file, log)).toContain('belongs to another store')
  const foreign = new DatabaseSync(join(dir, 'foreign.sqlite'))
  foreign.exec('PRAGMA journal_mode = WAL; CREATE TABLE theirs(x); INSERT INTO theirs VALUES (1)')
  await copyFile(join(dir, 'foreign.sqlite-wal'), log)
  foreign.close()
  expect(await refusal(file, log)).toContain('belongs to another store')
  await rm(log)
  expect(await count()).toBe(0)
})

it('refuses to put a backup in the place of a killed store whose log is still there', async () => {
  const copy = join(dir, 'copy.sqlite')
  await killedStore(dir, 20)
  const killed = await readFile(log)
  const store = await startEmbeddedMongo({ dir })
  await withClient(store.uri, (client) => client.db('admin').command({ backup: 1, to: copy }))
  await store.close()
  await copyFile(copy, file)
  await writeFile(log, killed)
  expect(await refusal(file, log)).toContain('belongs to another store')
  await rm(log)
  expect(await count()).toBe(20)
})

it('takes up its own log, also cut short or with rubbish at its end', async () => {
  await killedStore(dir, 100)
  expect((await stat(log)).size).toBeGreaterThan(0)
  await writeFile(log, Buffer.alloc(5_000, 0xab), { flag: 'a' })
  expect(await count()).toBe(100)
  await killedStore(dir, 50)
  await truncate(log, (await stat(log)).size - 100)
  // The last commit is not whole: it was not acknowledged.
  expect(await count()).toBe(0)
})

it.skipIf(process.getuid?.() !== 0)('says that it may not open a file of somebody else', async () => {
  await (await startEmbeddedMongo({ dir })).close()
  const nobody = 65534
  await chown(dir, nobody, nobody)
  const child = spawn(process.execPath, [program, dir], { uid: nobody, gid: nobody })
  let said = ''
  child.stderr.on('data', (piece) => {
    said += piece
  })
  await once(child, 'close')
  expect(said).toContain('this user must be able to read and write it')
})
