import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { callSandbox } from '../sandbox/sandbox-call.ts'
import { hear } from './events.ts'
import { send } from './load.ts'
import { percentile } from './stats.ts'
import type { Line } from './table.ts'
import type { BenchWorld } from './world.ts'

const talkers = 10
const talkEveryMs = 3_000
const answerStart = 'I am'

/** How people are answered while a broadcast runs at the limit: the sandbox and Rookery keep Telegram's figures for this. */
export async function measureReplies(world: BenchWorld): Promise<Line[]> {
  await world.limit('on')
  try {
    return await broadcastWithTalk(world)
  } finally {
    await world.limit('off')
  }
}

async function broadcastWithTalk(world: BenchWorld): Promise<Line[]> {
  const { sandboxUrl, botId, people } = world
  const [talking, audience] = [people.slice(0, talkers), people.slice(talkers)]
  const text = 'To all of you, in time'
  const asked = new Map<number, number>()
  const tookMs: number[] = []
  const arrivals: number[] = []
  let replies = 0
  const { promise: allCame, resolve } = Promise.withResolvers<void>()
  const ears = await hear(sandboxUrl, ({ person, message }) => {
    const from = asked.get(person)
    if (message.text === text && arrivals.push(performance.now()) === audience.length) resolve()
    if (from === undefined || message.outgoing || !message.text?.startsWith(answerStart)) return
    asked.delete(person)
    tookMs.push(performance.now() - from)
    if (arrivals.length > 0 && arrivals.length < audience.length) replies++
  })
  const before = await calls(world)
  const agent = new Agent()
  const answer = await send(world.notify({ userIds: audience, text }), agent)
  if (answer.status !== 200) throw new Error(`The call was refused: ${answer.text}`)
  const talk = new AbortController()
  const talked = Promise.all(
    talking.map(async (person, nth) => {
      await pause((talkEveryMs * nth) / talkers)
      while (!talk.signal.aborted) {
        asked.set(person, performance.now())
        await callSandbox(sandboxUrl, 'POST', `/people/${person}/chats/${botId}/messages`, { text: '/help' })
        await pause(talkEveryMs)
      }
    }),
  )
  const timer = setTimeout(resolve, (audience.length / 20) * 1000)
  await allCame
  clearTimeout(timer)
  talk.abort()
  await talked
  await ears.close()
  const after = await calls(world)
  const seconds = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1000
  const [refused, made] = [after.refused - before.refused, after.made - before.made]
  return [
    {
      what: `replies while ${arrivals.length} of ${audience.length} get a broadcast`,
      measured: `p50 ${Math.round(percentile(tookMs, 50))} ms, p99 ${Math.round(percentile(tookMs, 99))} ms`,
      note: `${tookMs.length} replies to ${talkers} people; aim p99 1000 ms`,
    },
    {
      what: 'rate kept at the limit of 30/s',
      measured: `${((arrivals.length + replies) / seconds).toFixed(1)}/s over ${Math.round(seconds)} s`,
      note: `aim 28.5/s; ${refused} of ${made} calls met a 429 (${((100 * refused) / made).toFixed(2)} %, aim 0.1 %)`,
    },
  ]
}

async function calls({ sandboxUrl, botId }: BenchWorld): Promise<{ made: number; refused: number }> {
  const counters = await callSandbox<Record<string, Record<string, number>>>(
    sandboxUrl,
    'GET',
    `/bots/${botId}/counters`,
  )
  const outcomes = Object.entries(counters).filter(([method]) => method.startsWith('send'))
  const sum = (of: (outcome: Record<string, number>) => number) =>
    outcomes.reduce((total, [, outcome]) => total + of(outcome), 0)
  return {
    made: sum((outcome) => Object.values(outcome).reduce((a, b) => a + b, 0)),
    refused: sum((outcome) => outcome['429'] ?? 0),
  }
}
