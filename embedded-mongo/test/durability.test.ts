import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { expect, it } from 'vitest'
import { startEmbeddedMongo } from '../server.ts'
import { isOtherServer } from './server-under-test.ts'

const kills = Number(process.env.STORE_KILLS ?? 5)

interface Ledger {
  tried: Set<number>
  acknowledged: Set<number>
  changed: Set<number>
}

function startWriter(dir: string, first: number): { child: ChildProcess; lines: () => string } {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writer-process.ts'), dir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let lines = ''
  child.stdout?.on('data', (piece) => {
    lines += piece
  })
  return { child, lines: () => lines }
}

async function writeUntilKilled(dir: string, ledger: Ledger): Promise<void> {
  const first = Math.max(0, ...ledger.tried) + 2
  const { child, lines } = startWriter(dir, first)
  while (!lines().includes('ok') && child.exitCode === null) await sleep(10)
  expect(child.exitCode).toBe(null)
  await sleep(Math.random() * 200)
  child.kill('SIGKILL')
  await once(child, 'close')
  for (const [, kind, id] of lines().matchAll(/(try|ok|changed) (\d+)\n/g)) {
    ledger.tried.add(Number(id))
    if (kind === 'ok') ledger.acknowledged.add(Number(id))
    if (kind === 'changed') ledger.changed.add(Number(id))
  }
}

async function expectWhole(dir: string, { tried, acknowledged, changed }: Ledger): Promise<void> {
  const store = await startEmbeddedMongo({ dir })
  const client = await new MongoClient(store.uri).connect()
  const entries = client.db('ledger').collection('entries')
  const found = new Map((await entries.find({}).toArray()).map((entry) => [Number(entry._id), entry]))
  const ids = new Set(found.keys())
  expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
  for (const id of tried) expect(ids.has(id)).toBe(ids.has(id + 1))
  const isChanged = (id: number) => found.get(id)?.changed !== undefined
  expect([...changed].filter((id) => !isChanged(id))).toEqual([])
  for (const id of tried) expect(isChanged(id)).toBe(isChanged(id + 1))
  expect(await entries.countDocuments({ tags: { $gte: -1e9 } }, { hint: 'tags_1' })).toBe(ids.size)
  const halves = [...ids].filter(isChanged).map((id) => (id % 2 ? id - 0.5 : id + 0.5))
  expect(await entries.countDocuments({ tags: { $in: halves } }, { hint: 'tags_1' })).toBe(halves.length)
  await client.close()
  await store.close()
}

it.skipIf(isOtherServer)(
  'loses nothing acknowledged and keeps no half of a command when it is killed',
  { timeout: 20_000 * kills },
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-kill-'))
    const ledger: Ledger = { tried: new Set(), acknowledged: new Set(), changed: new Set() }
    for (let round = 0; round < kills; round++) {
      await writeUntilKilled(dir, ledger)
      await expectWhole(dir, ledger)
    }
    expect(ledger.acknowledged.size).toBeGreaterThan(kills)
    await rm(dir, { recursive: true })
  },
)
