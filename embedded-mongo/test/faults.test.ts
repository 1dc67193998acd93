import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, copyFile, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { startEmbeddedMongo } from '../server.ts'
import { UnusableStoreError } from '../start-errors.ts'

/** A store with 500 documents, and another: as a kill left them, most is in the log still, and as they were closed. */
let images: string
beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), 'embedded-mongo-images-'))
  for (const name of ['one', 'another']) {
    const running = join(images, 'running')
    const store = await startEmbeddedMongo({ dir: running })
    const many = Array.from({ length: 500 }, (_, n) => ({ n, text: 'x'.repeat(100) }))
    await withClient(store.uri, (client) => client.db('d').collection('c').insertMany(many))
    await copyFile(join(running, 'store.sqlite'), join(images, `${name}.killed`))
    await copyFile(join(running, 'store.sqlite-wal'), join(images, `${name}.log`))
    await store.close()
    await copyFile(join(running, 'store.sqlite'), join(images, `${name}.closed`))
    await rm(running, { recursive: true })
  }
})
afterAll(() => rm(images, { recursive: true }))

let dir: string
let file: string
let log: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-faults-'))
  file = join(dir, 'store.sqlite')
  log = `${file}-wal`
})
afterEach(() => rm(dir, { recursive: true }))

const put = (image: string, at: string) => copyFile(join(images, image), at)

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
  await put('one.closed', file)
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

it('refuses a log whose file is gone, and the log of another store or program', async () => {
  await put('another.log', log)
  expect(await refusal(log)).toContain('is gone')
  for (const image of ['one.closed', 'one.killed']) {
    await put(image, file)
    expect(await refusal(file, log)).toContain('belongs to another store')
  }
  const foreign = new DatabaseSync(join(dir, 'foreign.sqlite'))
  foreign.exec('PRAGMA journal_mode = WAL; CREATE TABLE theirs(x); INSERT INTO theirs VALUES (1)')
  await copyFile(join(dir, 'foreign.sqlite-wal'), log)
  foreign.close()
  await put('one.closed', file)
  expect(await refusal(file, log)).toContain('belongs to another store')
  await rm(log)
  expect(await count()).toBe(500)
})

it('refuses to put a backup in the place of a killed store whose log is still there', async () => {
  const copy = join(dir, 'copy.sqlite')
  await put('one.closed', file)
  const store = await startEmbeddedMongo({ dir })
  await withClient(store.uri, (client) => client.db('admin').command({ backup: 1, to: copy }))
  await store.close()
  await copyFile(copy, file)
  await put('one.log', log)
  expect(await refusal(file, log)).toContain('belongs to another store')
  await rm(log)
  expect(await count()).toBe(500)
})

it('takes up its own log, also cut short or with rubbish at its end', async () => {
  await put('one.killed', file)
  await put('one.log', log)
  await writeFile(log, Buffer.alloc(5_000, 0xab), { flag: 'a' })
  expect(await count()).toBe(500)
  await put('one.killed', file)
  await put('one.log', log)
  await truncate(log, (await stat(log)).size - 100)
  // The last commit is not whole: it was not acknowledged.
  expect(await count()).toBe(0)
})

it('takes up its own log where a kill has left the header of its first page without the page', async () => {
  await put('one.log', log)
  const whole = await readFile(log)
  const header = Buffer.alloc(24)
  header.writeUInt32BE(1, 0)
  whole.copy(header, 8, 16, 24)
  for (const page of [Buffer.alloc(0), Buffer.alloc(4096, 0xab)]) {
    await put('one.killed', file)
    await writeFile(log, Buffer.concat([whole, header, page]))
    expect(await count()).toBe(500)
  }
})

it.skipIf(process.getuid?.() !== 0)('says that it may not open a file of somebody else', async () => {
  await put('one.closed', file)
  const nobody = 65534
  await chown(dir, nobody, nobody)
  const program = join(import.meta.dirname, 'server-process.ts')
  const child = spawn(process.execPath, [program, dir], { uid: nobody, gid: nobody })
  let said = ''
  child.stderr.on('data', (piece) => {
    said += piece
  })
  await once(child, 'close')
  expect(said).toContain('this user must be able to read and write it')
})
