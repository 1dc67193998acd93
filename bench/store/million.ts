import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { Catalog } from '../../embedded-mongo/store/catalog.ts'
import { KeyValueStore } from '../../embedded-mongo/store/key-value.ts'
import { launch } from '../../test/rookery-process.ts'
import { median } from '../stats.ts'
import type { Line } from '../table.ts'
import { residentMiB } from '../world.ts'
import { emptyOrders, fill } from './orders.ts'
import { duration } from './rates.ts'

const documents = 1_000_000
const rounds = 5
const serve = 'bench/store/serve.ts'

/**
 * A million orders in a store that has a process of its own: its memory after loading them, and how fast they open
 * again.
 */
export async function measureMillion(): Promise<Line[]> {
  const dir = await mkdtemp(join(process.env.BENCH_STORE_DIR ?? tmpdir(), 'rookery-bench-'))
  try {
    const took = await withStore(dir, async ({ client, process }) => {
      const loading = await duration(async () => fill(await emptyOrders(client.db('bench'), 'orders'), 0, documents))
      return { loading, memory: residentMiB(process) }
    })
    const { size } = await stat(join(dir, 'store.sqlite'))
    await withStore(dir, async ({ client }) => {
      const count = await client.db('bench').collection('orders').countDocuments()
      if (count !== documents) throw new Error(`${count} of ${documents} orders are there`)
    })
    const file: number[] = []
    const all: number[] = []
    for (let round = 0; round < rounds; round++) {
      file.push(openFile(join(dir, 'store.sqlite')))
      all.push(await withStore(dir, async ({ openedInMs }) => openedInMs))
    }
    return [
      {
        what: 'opening 1,000,000 documents',
        measured: `${median(file).toFixed(1)} ms`,
        note: `${Math.round(size / 2 ** 20)} MiB; with thread, modules and socket ${median(all).toFixed(0)} ms; aim 50 ms`,
      },
      {
        what: 'memory (RSS) of the process after loading them',
        measured: `${Math.round(took.memory)} MiB`,
        note: `loaded in ${Math.round(took.loading / 1000)} s; aim 200 MB`,
      },
    ]
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** The file and its catalogue, as the worker opens them. */
function openFile(file: string): number {
  const from = performance.now()
  const kv = new KeyValueStore(file)
  new Catalog(kv)
  const took = performance.now() - from
  kv.close()
  return took
}

type Served = { client: MongoClient; process: ReturnType<typeof launch>; openedInMs: number }

async function withStore<T>(dir: string, work: (served: Served) => Promise<T>): Promise<T> {
  const process = launch({ dir, args: [dir], file: serve })
  const [, uri = '', openedInMs] = await process.says(/^(mongodb:\S+) (\S+)$/m)
  const client = await new MongoClient(uri).connect()
  try {
    return await work({ client, process, openedInMs: Number(openedInMs) })
  } finally {
    await client.close()
    await process.stop('SIGTERM')
  }
}
