import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BSON, type Db, type Document, MongoClient, MongoError } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { copyDatabase } from '../copy-database.ts'
import { exactDocument } from '../exact-document.ts'
import { type EmbeddedMongo, startEmbeddedMongo } from '../server.ts'
import { decimal, double, exact, long } from './server-under-test.ts'

let dir: string
let store: EmbeddedMongo
let client: MongoClient
const password = 'a-password-of-this-test'
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-copies-'))
  store = await startEmbeddedMongo({ dir, tcp: { port: 0, user: 'u', password } })
  const socket = (await readFile(join(dir, 'store.uri'), 'utf8')).trim()
  client = await new MongoClient(socket).connect()
})
afterAll(async () => {
  await client.close()
  await store.close()
  await rm(dir, { recursive: true })
})

const backUp = (to: string) => client.db('admin').command({ backup: 1, to })

/** Starts a store from a copy, in a folder of its own, and closes it after the work. */
async function withCopy<T>(file: string, work: (db: Db) => Promise<T>): Promise<T> {
  const other = await mkdtemp(join(tmpdir(), 'embedded-mongo-copy-'))
  await rename(file, join(other, 'store.sqlite'))
  const copy = await startEmbeddedMongo({ dir: other })
  const reader = await new MongoClient(copy.uri).connect()
  try {
    return await work(reader.db('house'))
  } finally {
    await reader.close()
    await copy.close()
    await rm(other, { recursive: true })
  }
}

it('backs up while others write: what was acknowledged before is in it, and no half of a command', async () => {
  const pairs = client.db('house').collection('pairs')
  await pairs.createIndex({ pair: 1 })
  const text = 'x'.repeat(300)
  const write = (pair: number) => pairs.insertMany([0, 1].map((half) => ({ pair, half, text })))
  await pairs.insertMany(Array.from({ length: 10_000 }, (_, at) => ({ pair: -1 - (at >> 1), half: at & 1, text })))
  let [next, done] = [0, false]
  const writers = Array.from({ length: 8 }, async () => {
    while (!done) await write(next++)
  })
  await expect.poll(() => next, { timeout: 20_000 }).toBeGreaterThan(20)
  const before = await pairs.countDocuments()
  const to = join(dir, 'copy.sqlite')
  await backUp(to)
  done = true
  await Promise.all(writers)
  expect((await stat(to)).mode & 0o777).toBe(0o600)
  await withCopy(to, async (db) => {
    const copied = await db.collection('pairs').find().toArray()
    expect(copied.length).toBeGreaterThanOrEqual(before)
    const halves = new Map<number, number>()
    for (const { pair } of copied) halves.set(pair, (halves.get(pair) ?? 0) + 1)
    expect([...halves.values()].every((count) => count === 2)).toBe(true)
    expect(await db.collection('pairs').countDocuments({ pair: { $gt: -1e9 } }, { hint: 'pair_1' })).toBe(copied.length)
  })
})

it('overwrites nothing, leaves no piece behind, and answers what stands against it', async () => {
  const taken = join(dir, 'taken.sqlite')
  await writeFile(taken, 'mine')
  await expect(backUp(taken)).rejects.toMatchObject({
    code: 2,
    message: `${taken} is there already; choose another name`,
  })
  expect(await readFile(taken, 'utf8')).toBe('mine')
  const folder = join(dir, 'no-such-folder')
  await expect(backUp(join(folder, 'x'))).rejects.toThrow(`there is no folder ${folder}; make it first`)
  await expect(backUp(join(taken, 'x'))).rejects.toThrow(`there is no folder ${taken}; make it first`)
  await expect(backUp('relative.sqlite')).rejects.toMatchObject({ code: 2 })
  expect((await readdir(dir)).filter((name) => name.includes('partial'))).toEqual([])
})

it('writes no file for whoever comes by the port', async () => {
  const byPort = await new MongoClient(store.uri).connect()
  const to = join(dir, 'by-port.sqlite')
  await expect(byPort.db('admin').command({ backup: 1, to })).rejects.toMatchObject({ code: 13 })
  await byPort.close()
})

const everyType: Document[] = [
  { _id: 1, d: double(3), i: 3, l: long('9007199254740993'), x: decimal('1.10'), nan: Number.NaN, zero: double(-0) },
  new Map<string, unknown>([
    ['_id', 'order'],
    ['9', 'first'],
    [
      '1',
      new Map([
        ['5', 1],
        ['0', 2],
      ]),
    ],
    ['__proto__', { a: 1 }],
  ]) as Document,
  {
    _id: new BSON.ObjectId(),
    at: new Date(5),
    re: new BSON.BSONRegExp('^a', 'i'),
    bin: new BSON.Binary(Buffer.from('x')),
  },
  { _id: { a: 1 }, uuid: new BSON.UUID(), ts: new BSON.Timestamp({ t: 5, i: 6 }), min: new BSON.MinKey(), no: null },
  { _id: 5, deep: [[{ a: [] }], {}, 'x', new BSON.MaxKey(), new BSON.Code('1')] },
]

it('copies a database whole: every type, the order of fields, and the indexes with their options', async () => {
  const [from, to] = [client.db('from'), client.db('to')]
  await from.command({ insert: 'types', documents: everyType })
  await from.collection('many').insertMany(Array.from({ length: 2500 }, (_, n) => ({ n, text: 'x'.repeat(n % 700) })))
  await from.collection('many').createIndex({ n: 1 }, { unique: true, partialFilterExpression: { n: { $gt: 5 } } })
  await from.collection('many').createIndex({ 'a.b': -1, n: 1 }, { sparse: true })
  await from.collection('types').createIndex({ at: 1 }, { expireAfterSeconds: 1_000_000_000 })
  await from.createCollection('empty')
  expect(await copyDatabase(from, to)).toMatchObject({ collections: 3, documents: 2505 })
  const raw = (db: Db) => db.collection('types').find({}, { raw: true }).sort({ _id: 1 }).toArray()
  expect((await raw(to)).map(String)).toEqual((await raw(from)).map(String))
  for (const name of ['many', 'types', 'empty'])
    expect(exact(await to.collection(name).indexes())).toBe(exact(await from.collection(name).indexes()))
})

it('names the document that no driver can write as it is, and why', () => {
  const raw = (...fields: Buffer[]) => {
    const bytes = Buffer.concat([Buffer.alloc(4), ...fields.map((field) => field.subarray(4, -1)), Buffer.alloc(1)])
    bytes.writeInt32LE(bytes.length)
    return bytes
  }
  const field = (document: Document) => Buffer.from(BSON.serialize(document))
  const [id, text] = [field({ _id: 'seven' }), field({ text: 'abc' })]
  expect(exactDocument('c', raw(id, text))).toEqual(new Map(Object.entries({ _id: 'seven', text: 'abc' })))
  const broken = Buffer.from(text)
  broken[broken.indexOf('b')] = 0xff
  const outdated = Buffer.from(field({ no: null }))
  outdated[4] = 6
  const nested = BSON.serialize({ at: {} })
  for (const [document, why] of [
    [raw(id, text, field({ text: 'other' })), 'it has a field twice'],
    [raw(id, broken), 'it has text that is not UTF-8'],
    [raw(id, outdated), 'it has a value of a type that is out of use'],
    [raw(id, Buffer.from(nested).fill(0x7f, 8, 9)), 'document length'],
  ] as const)
    expect(() => exactDocument('c', document)).toThrow(`c: the document "seven" cannot be copied: ${why}; mend it`)
})

it('refuses a source that holds nothing', async () => {
  const copy = copyDatabase(client.db('misspelt'), client.db('to-nothing'))
  await expect(copy).rejects.toThrow("misspelt holds no collections; is the database's name in the URI right?")
})

it('names the index that the target refuses, and keeps that reason when it can take nothing away', async () => {
  const [from, to] = [client.db('indexed'), client.db('refusing')]
  await from.collection('c').createIndex({ a: 1 }, { name: 'theirs' })
  // Stands for a MongoDB that tells of an option which the embedded store has not.
  const listIndexes = { toArray: async () => [{ v: 2, key: { a: 1 }, name: 'theirs', wildcardProjection: { a: 1 } }] }
  const collection = (name: string) => Object.assign(from.collection(name), { listIndexes: () => listIndexes })
  const theirs = Object.create(from, { collection: { value: collection } }) as Db
  const refusal = /^c: the target refuses the index theirs \(.*wildcardProjection.*\); drop it in the source$/
  await expect(copyDatabase(theirs, to)).rejects.toThrow(refusal)
  expect(await to.listCollections().toArray()).toEqual([])
  const gone = Object.create(to, { dropCollection: { value: () => Promise.reject(new Error('gone')) } }) as Db
  await expect(copyDatabase(theirs, gone)).rejects.toThrow(
    /^c: the target refuses .*; what was copied is still in refusing/,
  )
})

it('refuses a target that holds anything', async () => {
  const [from, to] = [client.db('from'), client.db('held')]
  await to.createCollection('theirs')
  await expect(copyDatabase(from, to)).rejects.toThrow('the target held is not empty (theirs)')
})

it('finds a difference, and takes what it has copied away again', async () => {
  const [from, to] = [client.db('moving'), client.db('behind')]
  await from.collection('c').insertMany(Array.from({ length: 5000 }, (_, n) => ({ n })))
  let stopped = false
  const writer = (async () => {
    while (!stopped) await from.collection('c').updateOne({ n: 0 }, { $inc: { times: 1 } })
  })()
  await expect(copyDatabase(from, to)).rejects.toThrow('stop what writes to the source')
  stopped = true
  await writer
  expect(await to.listCollections().toArray()).toEqual([])
})

it('is broken off by its signal, wherever it is, and takes what it has copied away again', async () => {
  const from = client.db('broken')
  await from.collection('c').insertMany(Array.from({ length: 5000 }, (_, n) => ({ n })))
  for (const command of ['insert', 'find', 'createIndexes']) {
    const [to, breaker, reason] = [client.db(`broken-by-${command}`), new AbortController(), new Error('broken off')]
    await from.collection('c').createIndex({ n: 1 })
    const breaking = new Proxy(to, {
      get: (db, name) => {
        if (command === 'find' && name === 'collection') breaker.abort(reason)
        const value = Reflect.get(db, name)
        if (name !== 'command') return typeof value === 'function' ? value.bind(db) : value
        return (sent: Document) => {
          if (command in sent) breaker.abort(reason)
          return to.command(sent)
        }
      },
    })
    await expect(copyDatabase(from, breaking, breaker.signal)).rejects.toBe(reason)
    expect(await to.listCollections().toArray()).toEqual([])
  }
})

it('tells at which side it failed', async () => {
  const [from, to] = [client.db('from'), client.db('sided')]
  const failing = (db: Db, name: string) =>
    Object.create(db, {
      [name]: { value: () => ({ toArray: () => Promise.reject(new MongoError('it is gone')) }) },
    }) as Db
  const failure = (side: string) => ({ name: 'CopyError', message: 'it is gone', side })
  await expect(copyDatabase(failing(from, 'listCollections'), to)).rejects.toMatchObject(failure('source'))
  await expect(copyDatabase(from, failing(to, 'listCollections'))).rejects.toMatchObject(failure('target'))
  const fullDisk = { value: () => Promise.reject(new MongoError('it is gone')) }
  const full = Object.create(to, { command: fullDisk }) as Db
  await expect(copyDatabase(from, full)).rejects.toMatchObject(failure('target'))
})
