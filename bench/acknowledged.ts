import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ObjectId } from 'mongodb'
import { launch } from '../test/rookery-process.ts'
import { type Load, load, type Request } from './load.ts'
import { median } from './stats.ts'
import type { Line } from './table.ts'
import { type BenchWorld, switchBot } from './world.ts'

const rounds = 5
const roundMs = 1_500
const killAfterMs = 2_000
const clients = 48

/**
 * Calls acknowledged per second against a bare route with one insertOne, in alternating rounds: with the bot switched off, so that both do
 * nothing but accept, then while it delivers, which takes the processor for the sandbox too. In between Rookery is killed under load.
 */
export async function measureAcknowledged(world: BenchWorld): Promise<Line[]> {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-bench-'))
  const bareProcess = launch({ dir, args: [dir], file: 'bench/bare.ts' })
  const [, bareUrl] = await bareProcess.says(/Bare: (\S+)/)
  const hook = (nth: number): Request => {
    const userIds = [world.people[nth % world.people.length]]
    return world.notify({ userIds, text: `Order ${nth} has shipped` })
  }
  const bare = (nth: number): Request => ({ ...hook(nth), url: `${bareUrl}/call` })
  const measure = async (calls: (nth: number) => Request) =>
    acceptedIn(await load(calls, { clients, forMs: roundMs })).perSecond
  const compare = async (afterRound = async () => {}) => {
    const rates: { bare: number; hook: number }[] = []
    for (let round = 0; round < rounds; round++) {
      rates.push({ bare: await measure(bare), hook: await measure(hook) })
      await afterRound()
    }
    return { bare: median(rates.map((rate) => rate.bare)), hook: median(rates.map((rate) => rate.hook)) }
  }

  await switchBot(world, 'off')
  for (const calls of [bare, hook]) await measure(calls)
  const accepting = await compare()
  const { acknowledged, found } = await killUnderLoad(world, hook)
  await world.withStore((db) => db.collection('deliveries').deleteMany({ state: 'queued' }))
  await switchBot(world, 'on')
  const delivering = await compare(() => delivered(world))
  await bareProcess.stop('SIGTERM')
  await rm(dir, { recursive: true })

  return [
    {
      what: 'hook calls acknowledged, the bot switched off',
      measured: `${perSecond(accepting.hook)}, ${times(accepting)}`,
      note: `bare route ${perSecond(accepting.bare)}, ${clients} connections, medians of ${rounds} rounds; aim 0.5 ×`,
    },
    {
      what: 'hook calls acknowledged while delivering',
      measured: `${perSecond(delivering.hook)}, ${times(delivering)}`,
      note: `bare route ${perSecond(delivering.bare)}, which delivers nothing`,
    },
    {
      what: 'acknowledged calls found with their delivery after SIGKILL',
      measured: `${found} of ${acknowledged}`,
      note: `killed under load, ${clients} calls in flight`,
    },
  ]
}

/** Kills Rookery in the middle of a round; answers how many calls it had acknowledged and how many of these are whole afterwards. */
async function killUnderLoad(world: BenchWorld, hook: (nth: number) => Request) {
  const calling = load(hook, { clients })
  await pause(killAfterMs)
  await world.killAndRestart()
  const ids = acceptedIn(await calling, { mayFail: true }).ids.map((id) => new ObjectId(id))
  const found = await world.withStore(async (db) => {
    const of = { notification: { $in: ids } }
    const [whole, delivered] = await Promise.all([
      db.collection('notifications').countDocuments({ _id: { $in: ids } }),
      db.collection('deliveries').distinct('notification', of),
    ])
    return Math.min(whole, delivered.length)
  })
  return { acknowledged: ids.length, found }
}

/** @throws when a call was refused, or a connection failed that may not */
function acceptedIn({ answers, seconds, failures }: Load, { mayFail = false } = {}) {
  if (failures > 0 && !mayFail) throw new Error(`${failures} connections failed`)
  const ids = answers.map(({ text }) => {
    const answer = JSON.parse(text) as { success: boolean; notificationId?: string }
    if (!answer.success || !answer.notificationId) throw new Error(`A call was refused: ${text}`)
    return answer.notificationId
  })
  return { ids, perSecond: ids.length / seconds }
}

async function delivered(world: BenchWorld): Promise<void> {
  await world.withStore(async (db) => {
    while ((await db.collection('deliveries').countDocuments({ state: { $in: ['queued', 'sending'] } })) > 0)
      await pause(100)
  })
}

const perSecond = (rate: number) => `${Math.round(rate)}/s`
const times = ({ bare, hook }: { bare: number; hook: number }) => `${(hook / bare).toFixed(2)} × the bare route`
