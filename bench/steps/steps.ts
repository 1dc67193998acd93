import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { cpuSeconds } from '../cpu.ts'
import type { Line } from '../table.ts'
import { residentMiB } from '../world.ts'
import { type Intake, type Messenger, type Name, openMessenger, startContender, untilReplies } from './contender.ts'

const people = 500
const warmUpMs = 6_000
const roundMs = 8_000
const patienceMs = 900_000

type Rate = { perSecond: number; cpuMicros: number }

/**
 * Steps of a form of three questions, a step being a person's message and the reply to it, by each contender against the same messenger.
 * Rookery alone stores them.
 */
export async function measureSteps(intake: Intake, names: Name[] = ['Rookery', 'grammY', 'Telegraf']): Promise<Line[]> {
  return withMessenger(async (messenger, dir) => {
    const rates: [Name, Rate][] = []
    for (const [nth, name] of names.entries())
      rates.push([name, await rateOf(messenger, { dir, intake, name, bot: nth + 2 })])
    const grammy = rates.find(([name]) => name === 'grammY')?.[1]
    return rates.map(([name, { perSecond, cpuMicros }]) => ({
      what: `dialogue steps by ${intake}, ${name}`,
      measured: `${Math.round(perSecond)}/s, ${Math.round(cpuMicros)} µs of CPU a step`,
      note: grammy
        ? `${(perSecond / grammy.perSecond).toFixed(2)} × grammY, ${name === 'Rookery' ? 'stored durably' : 'in memory'}`
        : '',
    }))
  })
}

async function rateOf(
  messenger: Messenger,
  trial: { dir: string; intake: Intake; name: Name; bot: number },
): Promise<Rate> {
  const { bot, name } = trial
  const contender = await startContender(messenger, trial)
  const now = async () => ({ ...(await messenger.count(bot)), cpu: await cpuSeconds(contender), at: performance.now() })
  await messenger.begin(bot, people)
  await pause(warmUpMs)
  const before = await now()
  await pause(roundMs)
  const after = await now()
  await messenger.end(bot)
  await contender.stop('SIGTERM')
  if (after.wrong.length > 0) throw new Error(`${name} mixed up answers: ${after.wrong.slice(0, 3).join('; ')}`)
  const replies = after.replies - before.replies
  return {
    perSecond: (replies * 1000) / (after.at - before.at),
    cpuMicros: ((after.cpu - before.cpu) * 1e6) / replies,
  }
}

/** Memory after many steps and after twice as many; then Rookery dies among them, and everybody's form goes on where it was. */
export async function measureManySteps(steps: number): Promise<Line[]> {
  return withMessenger(async (messenger, dir) => {
    const trial = { dir, intake: 'polling', name: 'Rookery', bot: 2 } as const
    const first = await startContender(messenger, trial)
    await messenger.begin(trial.bot, people)
    await untilReplies(messenger, trial.bot, steps, patienceMs)
    const once = residentMiB(first)
    await untilReplies(messenger, trial.bot, 2 * steps, patienceMs)
    const twice = residentMiB(first)
    await first.stop('SIGKILL')
    const died = await messenger.count(trial.bot)
    const second = await startContender(messenger, trial)
    await everybodyGoesOn(messenger, trial.bot)
    const { wrong, repeated } = await messenger.count(trial.bot)
    await messenger.end(trial.bot)
    await second.stop('SIGTERM')
    return [
      {
        what: `memory (RSS) after ${steps} steps and after ${2 * steps}`,
        measured: `${Math.round(once)} / ${Math.round(twice)} MiB, ${(((twice - once) / once) * 100).toFixed(1)} %`,
        note: 'aim 250 MiB, 5 %; the embedded store and its thread are in it',
      },
      {
        what: 'forms after SIGKILL in the middle',
        measured: `${people} of ${people} went on, ${wrong.length} wrong answers`,
        note: `${repeated - died.repeated} replies of ${people} in flight said twice`,
      },
    ]
  })
}

/** Every person finishes two more forms. */
async function everybodyGoesOn(messenger: Messenger, bot: number): Promise<void> {
  const { slowest } = await messenger.count(bot)
  const end = performance.now() + 60_000
  while ((await messenger.count(bot)).slowest < slowest + 2) {
    if (performance.now() > end) throw new Error('Somebody’s form did not go on after the crash')
    await pause(200)
  }
}

async function withMessenger(work: (messenger: Messenger, dir: string) => Promise<Line[]>): Promise<Line[]> {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-steps-'))
  const messenger = await openMessenger(dir)
  try {
    return await work(messenger, dir)
  } finally {
    await messenger.close()
    await rm(dir, { recursive: true })
  }
}
