import { setTimeout as pause } from 'node:timers/promises'
import { Types } from 'mongoose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Share } from '../fleet/share.ts'
import { Lease } from '../models/lease.ts'
import { Process } from '../models/process.ts'
import { openTestStore } from './test-store.ts'

const times = { livesMs: 60_000, unclaimedMs: 100, leftoverMs: 60_000 }
const leaseMs = 60_000
let store: Awaited<ReturnType<typeof openTestStore>>

beforeAll(async () => {
  store = await openTestStore()
})
beforeEach(() => Process.deleteMany({}))
afterAll(() => store.close())

const bots = (count: number) => Array.from({ length: count }, () => String(new Types.ObjectId()))

/** A process that carries out its divisions at once, as far as the leases let it. */
class Participant {
  readonly mine = new Set<string>()
  readonly #name: string
  readonly #share: Share

  constructor(name: string, { servers = ['one'], leftoverMs = times.leftoverMs } = {}) {
    this.#name = name
    this.#share = new Share(name, servers, { ...times, leftoverMs })
  }

  async looks(all: string[]): Promise<void> {
    const { take, handOver } = await this.#share.divide(all, this.mine)
    for (const id of take) if (await Lease.take(new Types.ObjectId(id), this.#name, leaseMs)) this.mine.add(id)
    for (const id of handOver) await this.#giveBack(id)
  }

  async leaves(): Promise<void> {
    await this.#share.leave()
    for (const id of this.mine) await this.#giveBack(id)
  }

  async #giveBack(id: string): Promise<void> {
    await Lease.updateOne({ _id: id }, { $set: { until: new Date(0) } })
    this.mine.delete(id)
  }
}

test('whoever is alone takes all, and shares with whoever joins', async () => {
  const all = bots(30)
  const [a, b, c] = ['a', 'b', 'c'].map((name) => new Participant(name)) as [Participant, Participant, Participant]
  const sizes = () => [a, b, c].map(({ mine }) => mine.size)
  await a.looks(all)
  expect(sizes()).toEqual([30, 0, 0])
  for (const one of [b, a, b]) await one.looks(all)
  expect(sizes()).toEqual([15, 15, 0])
  for (const one of [c, a, b, c]) await one.looks(all)
  expect(sizes()).toEqual([10, 10, 10])
  await b.leaves()
  for (const one of [a, c]) await one.looks(all)
  expect(sizes()).toEqual([15, 0, 15])
  for (const one of [a, c]) await one.looks(all)
  expect(sizes()).toEqual([15, 0, 15])
})

test('those that begin together do not reach for the same bots', async () => {
  const all = bots(30)
  const together = ['a', 'b', 'c'].map((name) => new Participant(name))
  for (const one of together) await one.looks([])
  await Promise.all(together.map((one) => one.looks(all)))
  expect(together.map(({ mine }) => mine.size)).toEqual([10, 10, 10])
})

test('what nobody else takes a process runs beyond its share, until somebody joins who may', async () => {
  const [shared, own] = [bots(4), bots(6)]
  const [a, b] = [new Participant('a'), new Participant('b')] as const
  await b.looks(shared)
  await a.looks([...shared, ...own])
  expect(a.mine.size).toBe(5)
  await pause(times.unclaimedMs + 20)
  for (let look = 0; look < 3; look++) {
    await a.looks([...shared, ...own])
    await b.looks(shared)
    expect([...own].filter((id) => a.mine.has(id))).toHaveLength(6)
  }
  const c = new Participant('c')
  for (let look = 0; look < 3; look++) for (const one of [c, a]) await one.looks([...shared, ...own])
  expect(c.mine.size).toBeGreaterThanOrEqual(3)
})

test('what was taken from somebody slow is offered again after a while', async () => {
  const all = bots(4)
  const [a, slow] = [new Participant('a', { leftoverMs: 50 }), new Participant('slow')] as const
  await slow.looks([])
  await a.looks(all)
  await pause(times.unclaimedMs + 20)
  await a.looks(all)
  expect(a.mine.size).toBe(4)
  await pause(60)
  for (const one of [a, slow]) await one.looks(all)
  expect([a.mine.size, slow.mine.size]).toEqual([2, 2])
})

test('a process on other servers does not count', async () => {
  const [here, there] = [new Participant('here'), new Participant('there', { servers: ['another'] })]
  await there.looks([])
  const all = bots(3)
  await here.looks(all)
  expect(here.mine.size).toBe(3)
})

test('a process that shows no life for a while does not count any more', async () => {
  await Process.live('dead', ['one'], -1)
  expect(await Process.living(['one'])).toEqual([])
  await Process.live('dead', ['one'], 60_000)
  expect(await Process.living(['one'])).toEqual(['dead'])
})
