import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { launch } from '../../test/rookery-process.ts'
import { cpuSeconds } from '../cpu.ts'
import type { Line } from '../table.ts'

const people = Number(process.env.STEPS_PEOPLE ?? 500)
const warmUpMs = 2_000
const roundMs = Number(process.env.STEPS_MS ?? 8_000)

type Count = { replies: number; wrong: string[]; calls: Record<string, number> }
type Rate = { perSecond: number; cpuMicros: number }

const contenders = {
  Rookery: 'bench/steps/rookery.ts',
  grammY: 'bench/steps/grammy.ts',
  Telegraf: 'bench/steps/telegraf.ts',
}
export type Contender = keyof typeof contenders

/** Steps of a form of three questions, a step being a person's message and the reply to it, against the same messenger. */
export async function measureSteps(
  intake: 'polling' | 'webhook',
  names = Object.keys(contenders) as Contender[],
): Promise<Line[]> {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-steps-'))
  const messenger = launch({ dir, file: 'bench/steps/messenger.ts' })
  const [, root = ''] = await messenger.says(/Messenger: (\S+)/)
  try {
    const rates: [Contender, Rate][] = []
    for (const [nth, name] of names.entries())
      rates.push([name, await measure(root, { dir, intake, name, bot: nth + 2 })])
    const grammy = rates.find(([name]) => name === 'grammY')?.[1].perSecond
    return rates.map(([name, { perSecond, cpuMicros }]) => ({
      what: `dialogue steps by ${intake}, ${name}`,
      measured: `${Math.round(perSecond)}/s, ${Math.round(cpuMicros)} µs of CPU a step`,
      note: grammy ? `${(perSecond / grammy).toFixed(2)} × grammY` : '',
    }))
  } finally {
    await messenger.stop('SIGTERM')
    await rm(dir, { recursive: true })
  }
}

type Trial = { dir: string; intake: string; name: Contender; bot: number }

async function measure(root: string, { dir, intake, name, bot }: Trial): Promise<Rate> {
  const token = `${bot}:${'A'.repeat(35)}`
  const env = { PORT: '0', NODE_ENV: 'production', ...profiling(name) }
  const contender = launch({ dir, env, args: [root, token, intake], file: contenders[name] })
  await contender.says(/Ready/)
  await ask(root, 'begin', { bot, people })
  await pause(warmUpMs)
  const before = { ...(await counted(root, bot)), cpu: await cpuSeconds(contender), at: performance.now() }
  await pause(roundMs)
  const after = { ...(await counted(root, bot)), cpu: await cpuSeconds(contender), at: performance.now() }
  await ask(root, 'end', { bot })
  await contender.stop('SIGTERM')
  if (after.wrong.length > 0) throw new Error(`${name} mixed up answers: ${after.wrong.slice(0, 3).join('; ')}`)
  const replies = after.replies - before.replies
  return {
    perSecond: (replies * 1000) / (after.at - before.at),
    cpuMicros: ((after.cpu - before.cpu) * 1e6) / replies,
  }
}

async function counted(root: string, bot: number): Promise<Count> {
  return (await fetch(`${root}/count?bot=${bot}`)).json() as Promise<Count>
}

async function ask(root: string, what: 'begin' | 'end', body: object): Promise<void> {
  await fetch(`${root}/${what}`, { method: 'POST', body: JSON.stringify(body) })
}

function profiling(name: Contender): Record<string, string> {
  const folder = process.env.BENCH_PROFILE
  return folder ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${join(folder, name)}` } : {}
}
