import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Collection, type Db, MongoClient } from 'mongodb'
import { expect, it } from 'vitest'
import { startEmbeddedMongo } from '../server.ts'

/** Stands for the disk: files of the process grow no larger, until the limit is taken away. */
const mostKib = 4 * 1024

interface Entry {
  _id: number
  text: string
  n?: number
}

/** A store whose files may not grow beyond the limit. Its writes then fail in the system call, as on a full disk. */
async function startLimited(dir: string) {
  const start = `ulimit -S -f ${mostKib}; exec "$0" "$@"`
  const program = join(import.meta.dirname, 'server-process.ts')
  const options = JSON.stringify({ sweepMs: 50 })
  const args = ['-c', start, process.execPath, program, dir, options]
  const child = spawn('bash', args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [uri] = await once(child.stdout, 'data')
  return { child, client: await new MongoClient(String(uri).trim()).connect() }
}

/** Inserts until nothing more fits: large documents, then smaller ones into what room those left. */
async function fill(entries: Collection<Entry>): Promise<{ kept: number[]; refused: unknown }> {
  const kept: number[] = []
  let refused: unknown
  for (const size of [500_000, 50_000, 5_000, 1]) {
    refused = undefined
    for (let _id = kept.length; !refused && _id < 1_000; _id++) {
      await entries.insertOne({ _id, text: 'x'.repeat(size) }).then(
        () => kept.push(_id),
        (error) => (refused = error),
      )
    }
  }
  return { kept, refused }
}

const fits = (write: Promise<unknown>) =>
  write.then(
    () => true,
    () => false,
  )

/** One of each command that writes. */
const writes: Record<string, (db: Db, entries: Collection<Entry>) => Promise<unknown>> = {
  insert: (_db, entries) => entries.insertMany([1, 2, 3].map((n) => ({ _id: 5_000 + n, text: '' }))),
  update: (_db, entries) => entries.updateMany({}, { $set: { n: 1 } }),
  replace: (_db, entries) => entries.replaceOne({ _id: 0 }, { text: 'other' }),
  upsert: (_db, entries) => entries.updateOne({ _id: 6_000 }, { $set: { text: '' } }, { upsert: true }),
  delete: (_db, entries) => entries.deleteMany({}),
  findAndModify: (_db, entries) => entries.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }),
  findAndRemove: (_db, entries) => entries.findOneAndDelete({ _id: 1 }),
  create: (db) => db.createCollection('another'),
  createIndexes: (_db, entries) => entries.createIndex({ text: 1 }),
  dropIndexes: (_db, entries) => entries.dropIndex('n_1'),
  drop: (_db, entries) => entries.drop(),
  dropDatabase: (db) => db.dropDatabase(),
}

it.skipIf(process.platform !== 'linux')(
  'refuses the writes that a full disk does not take, lives, and goes on when there is room',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-full-'))
    const { child, client } = await startLimited(dir)
    const db = client.db('full')
    const entries = db.collection<Entry>('entries')
    await entries.createIndex({ n: 1 })
    const expiring = db.collection('expiring')
    await expiring.createIndex({ at: 1 }, { expireAfterSeconds: 0 })
    const at = new Date(Date.now() + 3_000)
    await expiring.insertOne({ at })
    const { kept, refused } = await fill(entries)
    // A page or two may be left: a collection takes no more.
    for (let n = 0; await fits(db.createCollection(`room${n}`)); n++);
    expect(refused).toMatchObject({ code: 14031, codeName: 'OutOfDiskSpace' })
    for (const [name, write] of Object.entries(writes))
      await expect(write(db, entries), name).rejects.toMatchObject({ code: 14031 })
    const several = [1, 2, 3].map((n) => entries.insertOne({ _id: 1_000 + n, text: '' }))
    for (const each of await Promise.allSettled(several)) expect(each.status).toBe('rejected')
    expect(await entries.distinct('_id')).toEqual(kept)
    expect(await entries.countDocuments({ n: { $exists: true } })).toBe(0)
    expect(await entries.indexes()).toHaveLength(2)
    // What has expired cannot be taken away yet; the sweeps go on trying.
    while (Date.now() < at.getTime() + 200) await expiring.findOne()
    expect(await expiring.countDocuments()).toBe(1)
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited'])
    await expect.poll(() => expiring.countDocuments()).toBe(0)
    await entries.insertOne({ _id: -1, text: '' })
    await client.close()
    child.stdin.end()
    expect((await once(child, 'close'))[0]).toBe(0)
    const store = await startEmbeddedMongo({ dir })
    const reader = await new MongoClient(store.uri).connect()
    expect(await reader.db('full').collection('entries').distinct('_id')).toEqual([-1, ...kept])
    await reader.close()
    await store.close()
    await rm(dir, { recursive: true })
  },
)
