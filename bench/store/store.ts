import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { type Db, type Document, MongoClient } from 'mongodb'
import { startEmbeddedMongo } from '../../embedded-mongo/server.ts'
import type { Line } from '../table.ts'
import { measureMillion } from './million.ts'
import { emptyOrders, fill, numberOf, type Orders, order } from './orders.ts'
import { PlainClient } from './plain-client.ts'
import { duration, rate, rateBeside } from './rates.ts'
import { measureSyncs } from './syncs.ts'

const held = 100_000

/** The embedded store as the application uses it: the driver in the main thread, the store in its worker. */
export async function measureStore(): Promise<Line[]> {
  const dir = await mkdtemp(join(process.env.BENCH_STORE_DIR ?? tmpdir(), 'rookery-bench-'))
  const store = await startEmbeddedMongo({ dir })
  const client = await new MongoClient(store.uri, { maxPoolSize: 32 }).connect()
  const bare = new BareCommits(join(dir, 'bare.sqlite'))
  try {
    const db = client.db('bench')
    const orders = await emptyOrders(db, 'orders')
    return [
      ...(await measurePings(db)),
      ...(await measureWrites(db, orders, bare)),
      ...(await measureReads(orders)),
      ...(await measureLong(orders)),
      ...(await measurePlainly(store.uri)),
      ...(await measureSyncs()),
      ...(await measureMillion()),
    ]
  } finally {
    bare.close()
    await client.close()
    await store.close()
    await rm(dir, { recursive: true })
  }
}

/** What the disk gives: commits of one row by SQLite alone, synced; how many a second. */
class BareCommits {
  readonly #db: DatabaseSync
  readonly #insert: StatementSync

  constructor(file: string) {
    this.#db = new DatabaseSync(file)
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t(k INTEGER PRIMARY KEY, v BLOB)')
    this.#insert = this.#db.prepare('INSERT INTO t(v) VALUES(zeroblob(350))')
  }

  rate(forMs: number): number {
    const from = performance.now()
    let commits = 0
    for (; performance.now() < from + forMs; commits++) this.#insert.run()
    return (commits * 1000) / (performance.now() - from)
  }

  close(): void {
    this.#db.close()
  }
}

/** What the driver, the socket and the other thread cost: a command that does nothing. */
async function measurePings(db: Db): Promise<Line[]> {
  const ping = () => db.command({ ping: 1 })
  return [await line('bound: ping, 1 client', 1, ping), await line('bound: ping, 32 clients', 32, ping)]
}

async function measureWrites(db: Db, orders: Orders, bare: BareCommits): Promise<Line[]> {
  const single = async (what: string, act: (nth: number) => Promise<unknown>, aim = ''): Promise<Line> => {
    const { rate, other } = await rateBeside((forMs) => bare.rate(forMs), act)
    return {
      what: `${what}, 1 client`,
      measured: perSecond(rate),
      note: `${aim}beside ${perSecond(other)} of SQLite alone`,
    }
  }
  const singly = await emptyOrders(db, 'singly')
  const insert = (nth: number) => singly.insertOne(order(nth))
  const lines = [
    await single('insertOne', insert, 'aim 1,750/s; '),
    await line('insertOne, 32 clients', 32, (nth) => insert(10_000_000 + nth), 'aim 11,500/s'),
  ]
  await singly.drop()
  const took = await duration(() => fill(orders, 0, held))
  lines.push({
    what: 'insertMany of 1,000',
    measured: perSecond((held * 1000) / took),
    note: 'documents; aim 32,000/s',
  })
  const increase = (nth: number) => orders.updateOne({ _id: at(nth) }, { $inc: { count: 1 } })
  lines.push(
    await single('updateOne $inc', increase, 'aim 3,150/s; '),
    await line('updateOne $inc, 32 clients', 32, increase, 'aim 15,500/s'),
    await single('claim: findOneAndUpdate with sort', () =>
      orders.findOneAndUpdate(
        { state: 'new', at: { $gte: new Date(0) } },
        { $set: { state: 'claimed' } },
        { sort: { at: 1 } },
      ),
    ),
  )
  return lines
}

async function measureReads(orders: Orders): Promise<Line[]> {
  const byId = (nth: number) => orders.findOne({ _id: at(nth) })
  const range = (nth: number) => {
    const from = order(at(nth) % 90_000).at
    return orders
      .find({ state: 'paid', at: { $gte: from } })
      .sort({ at: 1 })
      .limit(100)
      .toArray()
  }
  return [
    await line('findOne by _id, 1 client', 1, byId, 'aim 4,300/s'),
    await line('findOne by _id, 32 clients', 32, byId, 'aim 12,300/s'),
    await line(
      'findOne by a unique index, 1 client',
      1,
      (nth) => orders.findOne({ number: numberOf(at(nth)) }),
      'aim 5,800/s',
    ),
    await line('range scan of 100 by an index, 1 client', 1, range),
    await line('countDocuments of 20,000 by an index', 1, () => orders.countDocuments({ state: 'sent' })),
  ]
}

/** The same without the driver, which takes most of the main thread's time: what the store itself gives. */
async function measurePlainly(uri: string): Promise<Line[]> {
  const clients = await Promise.all(Array.from({ length: 32 }, () => PlainClient.to(uri)))
  const all = async (what: string, command: (nth: number) => Document) => {
    const free = [...clients]
    const run = async (nth: number) => {
      const client = free.pop() as PlainClient
      await client.run(command(nth))
      free.push(client)
    }
    return line(`${what}, 32 plain connections`, 32, run, 'without the driver')
  }
  const $db = 'bench'
  const lines = [
    await all('insertOne', (nth) => ({ insert: 'orders', documents: [order(20_000_000 + nth)], $db })),
    await all('findOne by _id', (nth) => ({
      find: 'orders',
      filter: { _id: at(nth) },
      limit: 1,
      singleBatch: true,
      $db,
    })),
    await all('updateOne $inc', (nth) => ({
      ...{ update: 'orders', updates: [{ q: { _id: at(nth) }, u: { $inc: { count: 1 } } }] },
      $db,
    })),
  ]
  for (const client of clients) client.close()
  return lines
}

/** What takes long, and how far the main thread is held up meanwhile. */
async function measureLong(orders: Orders): Promise<Line[]> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const group = () =>
    orders
      .aggregate([{ $group: { _id: '$customer.city', orders: { $sum: 1 }, amount: { $sum: '$amount' } } }])
      .toArray()
  await group()
  delay.enable()
  const took = await duration(group)
  delay.disable()
  return [
    {
      what: `$group over ${held.toLocaleString('en')}`,
      measured: `${Math.round(took)} ms`,
      note: `event-loop delay of the main thread p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms; aim 20 ms`,
    },
  ]
}

/** Any of the orders held, far from the one before. */
const at = (nth: number) => (nth * 7_919) % held

async function line(what: string, clients: number, act: (nth: number) => Promise<unknown>, note = ''): Promise<Line> {
  return { what, measured: perSecond(await rate(clients, act)), note }
}

const perSecond = (count: number) => `${Math.round(count).toLocaleString('en')}/s`
