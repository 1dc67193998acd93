import { expect, test } from 'vitest'
import type { Clock } from '../delivery/clock.ts'
import { RateBudget, type Turn } from '../delivery/rate-budget.ts'

const limits = { botPerSecond: 30, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
const never = new AbortController().signal

/** A clock that runs as fast as its timers allow, and what was granted when. */
function start(of: typeof limits | null) {
  let now = 0
  let timers: { at: number; act: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    after(ms, act) {
      const timer = { at: now + ms, act }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  }
  const granted: { at: number; name: string }[] = []
  const budget = new RateBudget(of, clock)
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    budget,
    granted,
    timers: () => timers.length,
    ask: (name: string, turn: Partial<Turn> = {}, signal = never) =>
      budget
        .take({ chat: 1, group: false, lane: 'delivery', ...turn }, signal)
        .then(() => granted.push({ at: Math.round(now), name })),
    async run(ms: number) {
      const end = now + ms
      for (;;) {
        await settle()
        const next = timers.sort((a, b) => a.at - b.at)[0]
        if (!next || next.at > end) break
        timers.shift()
        now = next.at
        next.act()
      }
      now = end
    },
  }
}

test('lets a short burst into a chat, then one a second', async () => {
  const { ask, run, granted } = start(limits)
  for (let n = 0; n < 6; n++) ask(String(n))
  await run(10_000)
  expect(granted.map(({ at }) => at)).toEqual([0, 0, 0, 1000, 2000, 3000])
  expect(granted.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4', '5'])
})

test('never lets more than the bot may say into any second, and comes close to it', async () => {
  const { ask, run, granted } = start(limits)
  for (let chat = 0; chat < 300; chat++) ask('', { chat })
  await run(60_000)
  const busiest = granted.map(({ at }) => granted.filter((other) => other.at >= at && other.at < at + 1000).length)
  expect(Math.max(...busiest)).toBe(30)
  expect(granted.at(-1)?.at).toBeLessThan(300 / 28.5 / 1e-3)
})

test('holds a group to its messages a minute while others go on', async () => {
  const { ask, run, granted } = start({ ...limits, chatPerSecond: 100, chatBurst: 100 })
  for (let n = 0; n < 25; n++) ask('group', { chat: -5, group: true })
  ask('person', { chat: 7 })
  await run(59_000)
  expect(granted.filter(({ name }) => name === 'group')).toHaveLength(20)
  expect(granted.find(({ name }) => name === 'person')?.at).toBe(0)
  await run(5_000)
  expect(granted).toHaveLength(26)
})

test('lets replies go before all deliveries that wait, in the same chat too', async () => {
  const { ask, run, granted } = start(limits)
  for (let chat = 0; chat < 100; chat++) ask('delivery', { chat })
  await run(0)
  ask('reply', { chat: 500, lane: 'reply' })
  ask('reply', { chat: 99, lane: 'reply' })
  await run(1500)
  expect(granted.slice(30, 33).map(({ name }) => name)).toEqual(['reply', 'reply', 'delivery'])
})

test('makes everybody wait after a 429, also where there are no limits', async () => {
  const { budget, ask, run, granted } = start(null)
  budget.pause(3)
  ask('first', { chat: 1 })
  ask('second', { chat: 2, lane: 'reply' })
  await run(2900)
  expect(granted).toEqual([])
  await run(200)
  expect(granted.map(({ at }) => at)).toEqual([3000, 3000])
})

test('gives a turn that was given up to the next one', async () => {
  const { ask, run, granted } = start({ ...limits, chatBurst: 1 })
  const gone = new AbortController()
  ask('first')
  const given = ask('given up', {}, gone.signal).catch((error) => error)
  ask('last')
  gone.abort(new Error('enough'))
  await run(5000)
  expect(((await given) as Error).message).toBe('enough')
  expect(granted).toEqual([
    { at: 0, name: 'first' },
    { at: 1000, name: 'last' },
  ])
})

test('forgets chats that have rested', async () => {
  const { budget, ask, run } = start({ ...limits, botPerSecond: 1000 })
  for (let chat = 0; chat < 5000; chat++) ask('', { chat })
  await run(60_000)
  for (let chat = 5000; chat < 10_500; chat++) ask('', { chat })
  await run(60_000)
  expect(budget.size).toBeLessThan(8000)
})

test('leaves no timer behind when all that waited have given up', async () => {
  const { budget, ask, timers } = start({ ...limits, chatBurst: 1 })
  const gone = new AbortController()
  ask('first')
  const resting = ask('second', {}, gone.signal).catch(() => {})
  expect(timers()).toBe(1)
  budget.pause(600)
  const paused = ask('elsewhere', { chat: 2 }, gone.signal).catch(() => {})
  expect(timers()).toBe(2)
  gone.abort(new Error('stopped'))
  await Promise.all([resting, paused])
  expect(timers()).toBe(0)
})

test('tells how long a chat has to rest, and counts nothing', async () => {
  const { budget, ask, run } = start({ ...limits, chatBurst: 1 })
  expect(budget.chatWait(1)).toBe(0)
  ask('first')
  await run(400)
  expect([budget.chatWait(1), budget.chatWait(2)]).toEqual([600, 0])
  await run(600)
  expect(budget.chatWait(1)).toBe(0)
})
