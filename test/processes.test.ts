import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fleetTimes } from '../fleet/fleet.ts'
import { Delivery, finalStates } from '../models/delivery.ts'
import { Update } from '../models/update.ts'
import { callSandbox } from '../sandbox/sandbox-call.ts'
import { beginTelling, Caller, type Teller } from './processes/load.ts'
import { type Member, ProcessesWorld, type WorldTimes } from './processes/world.ts'

/** `PROCESSES=real` runs with the lengths of real life, which takes minutes. */
const real = process.env.PROCESSES === 'real'
const short: WorldTimes = {
  lease: { lastsMs: 4_000, marginMs: 1_000, renewEveryMs: 1_000 },
  share: { livesMs: 2_000, unclaimedMs: 1_000, leftoverMs: 3_000 },
  lookEveryMs: 300,
}
const times = real ? {} : short
const { lastsMs } = times.lease ?? fleetTimes.lease
const stoppedForMs = real ? 30_000 : lastsMs + 1_000
const bots = 29
const [talking, everyMs] = real ? [bots, 500] : [6, 300]
const hourMs = 3_600_000

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

let world: ProcessesWorld
let tellers: Teller[]
let caller: Caller
/** The first three; the clock of the second is off. */
const members: Member[] = []
const nth = (index: number) => members[index] as Member
const report = (line: string) => real && process.stdout.write(`${line}\n`)

beforeAll(async () => {
  // With Metabot there are thirty.
  world = await ProcessesWorld.open(bots, times)
})
afterAll(() => world?.close())

const untilShared = (...wanted: number[]) =>
  world.until(
    () => world.shares(),
    (shares) => `${shares}` === `${wanted}`,
  )

test('two processes share thirty bots evenly, and three, though the clock of one is an hour off', async () => {
  // Three at once on a new store, or one after the other.
  const starting = [{}, { clockShiftMs: hourMs }, {}].map((clock, nth) => async () => {
    const started = await world.start(clock)
    if (real) await untilShared(...([[30], [15, 15], [10, 10, 10]][nth] as number[]))
    return started
  })
  if (real) for (const start of starting) members.push(await start())
  else members.push(...(await Promise.all(starting.map((start) => start()))))
  await untilShared(10, 10, 10)
  tellers = await beginTelling(world, talking, everyMs)
  caller = new Caller(world, talking)
  caller.begin(100)
})

test('when a process is killed, its bots answer elsewhere', async () => {
  const orphans = await world.heldBy(nth(0))
  expect(orphans).toHaveLength(10)
  const at = performance.now()
  await world.end(nth(0), 'SIGKILL')
  await untilShared(15, 15)
  report(`SIGKILL: the bots were all held elsewhere after ${seconds(performance.now() - at)}`)
  const told = tellers.map((teller) => teller.told)
  await world.until(
    async () => tellers.filter((teller, at) => teller.told > (told[at] ?? 0) + 1).length,
    (going) => going === tellers.length,
  )
  const slowest = Math.max(...tellers.map(({ slowestMs }) => slowestMs))
  report(`SIGKILL: the slowest answer took ${seconds(slowest)}`)
  if (real) expect(slowest).toBeLessThan(15_000)
})

test('a process that stood still gives up what others have taken, and gets a share again', async () => {
  process.kill(nth(2).pid, 'SIGSTOP')
  await pause(stoppedForMs)
  await world.until(
    () => world.heldBy(nth(1)),
    (held) => held.length === 30,
  )
  process.kill(nth(2).pid, 'SIGCONT')
  await untilShared(15, 15)
})

test('a restart of one after the other goes unnoticed', async () => {
  const before = tellers.map((teller) => teller.repeats)
  for (const old of real ? [nth(1), nth(2)] : [nth(1)]) {
    if (real) {
      await world.start({ clockShiftMs: -hourMs })
      await untilShared(10, 10, 10)
    }
    expect(await world.end(old, 'SIGINT')).toBe(0)
    await untilShared(...(real ? [15, 15] : [30]))
  }
  expect(tellers.map((teller) => teller.repeats)).toEqual(before)
})

test('every answer was counted once and in order, every acknowledged call arrived, and what may have come twice is counted', async () => {
  await caller.stop()
  await Promise.all(tellers.map((teller) => teller.leave()))
  const open = { state: { $nin: [...finalStates] } }
  await world.until(
    () => Delivery.countDocuments(open),
    (count) => count === 0,
  )
  expect(await Update.countDocuments({ state: { $exists: true } })).toBe(0)
  const arrivals = await countArrivals()
  expect(caller.acknowledged.length).toBeGreaterThan(20)
  expect(caller.acknowledged.filter(({ bot, text }) => !arrivals.has(`${bot} ${text}`))).toEqual([])
  const repeated = [...arrivals.values()].reduce((sum, count) => sum + count - 1, 0)
  const [sums] = await Delivery.aggregate<{ possible: number }>([
    { $group: { _id: null, possible: { $sum: '$possibleDuplicates' } } },
  ])
  expect(repeated).toBeLessThanOrEqual(sums?.possible ?? 0)
  // At most what was in flight at the kill and at the standstill.
  for (const { repeats } of tellers) expect(repeats).toBeLessThanOrEqual(2)
  report(
    `${caller.acknowledged.length} calls acknowledged, all there; ${repeated} came twice, ${sums?.possible} possible duplicates; ` +
      `${tellers.reduce((sum, { told }) => sum + told, 0)} answers counted, ${tellers.reduce((sum, { repeats }) => sum + repeats, 0)} replies came twice`,
  )
})

/** How often each text of a call arrived at each bot's chat. */
async function countArrivals(): Promise<Map<string, number>> {
  const arrivals = new Map<string, number>()
  for (const [bot, { botId }] of world.bots.slice(0, talking).entries()) {
    const outbox = await callSandbox<{ text?: string }[]>(world.sandboxUrl, 'GET', `/bots/${botId}/outbox`)
    for (const { text } of outbox)
      if (text?.startsWith('Call ')) arrivals.set(`${bot} ${text}`, (arrivals.get(`${bot} ${text}`) ?? 0) + 1)
  }
  return arrivals
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
