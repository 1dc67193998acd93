import { setTimeout as pause } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { FormFiller } from '../crash-form.ts'
import { randomFrom } from '../crash-random.ts'
import { type Entry, ledgerOf } from './ledger.ts'
import { mischief } from './mischief.ts'
import { connectUsers } from './people.ts'
import { orderSchedules } from './schedules.ts'
import { type ChaosWorld, type OutboxLine, openWorld } from './world.ts'

export const chaosDefaults = {
  seed: 0,
  rookeries: 2,
  bots: 5,
  fillers: 20,
  users: 200,
  callsPerSecond: 50,
  schedules: 20,
  /** Whether every second schedule recurs, which takes minutes. */
  recurring: true,
  /** How often processes die in all. */
  deaths: 60,
  everyMs: 2_000,
  freezeMs: 30_000,
  /** How long it may take until all is quiet again. */
  settleMs: 300_000,
  tell: (_line: string): void => {},
}
export type Chaos = typeof chaosDefaults

/** People fill forms, another system calls, schedules fall due, and things go wrong. Answers the ledger once all is quiet. */
export async function runChaos(options: Partial<Chaos>): Promise<{ ledger: Entry[]; deeds: Map<string, number> }> {
  const chaos = { ...chaosDefaults, ...options }
  const { tell } = chaos
  const random = randomFrom(chaos.seed)
  tell(`seed ${chaos.seed}; the world is made …`)
  const world = await openWorld(chaos)
  try {
    await liftCallLimit(world)
    const { caller, chats } = await connectUsers(world, chaos.users)
    const schedules = await orderSchedules(caller, {
      ...{ count: chaos.schedules, recurring: chaos.recurring },
      withinMs: chaos.deaths * chaos.everyMs,
    })
    const fillers = await Promise.all(
      Array.from({ length: chaos.fillers }, (_, who) => fillerOf(world, who, chaos.settleMs)),
    )
    caller.begin(chaos.callsPerSecond)
    const deeds = await mischief(world, { ...chaos, random })
    tell('all goes well again; what is under way is finished …')
    await caller.stop()
    await Promise.all(fillers.map((filler) => filler.leave()))
    await caller.repeatUnanswered()
    const outbox = await settled(world, chaos.settleMs)
    const arrivals = new Map(
      [...Map.groupBy(outbox, ({ text }) => text)].map(([text, lines]) => [text, lines.map(({ chat_id }) => chat_id)]),
    )
    const freezes = [...deeds].reduce((sum, [name, count]) => sum + (name.startsWith('SIGSTOP') ? count : 0), 0)
    const deaths = world.rookeries.reduce((sum, rookery) => sum + rookery.deaths, 0)
    const evidence = {
      outbox,
      arrivals,
      calls: caller.calls,
      schedules,
      fillers,
      chats,
      lost: await world.lost(),
      deaths,
      freezes,
    }
    return { ledger: await ledgerOf(evidence, world.storeUri), deeds }
  } catch (error) {
    tell(`What the processes said:\n${world.log()}`)
    throw error
  } finally {
    await world.close()
  }
}

async function fillerOf(world: ChaosWorld, who: number, patienceMs: number): Promise<FormFiller> {
  const bot = world.bots[who % world.bots.length] as (typeof world.bots)[number]
  const person = await world.connect(await world.addPerson(`Filler ${who}`))
  // While things go wrong their bot may be without a process again and again.
  return new FormFiller(person, who, bot.username, patienceMs)
}

/** A key may be used 600 times a minute; no menu changes that yet. */
async function liftCallLimit({ storeUri }: ChaosWorld): Promise<void> {
  const store = new MongoClient(storeUri)
  await store
    .db('rookery')
    .collection('apikeys')
    .updateMany({}, { $set: { callsPerMinute: 1_000_000 } })
  await store.close()
}

/** The outbox once nothing waits in the store any more, and nothing more comes. */
async function settled(world: ChaosWorld, patienceMs: number): Promise<OutboxLine[]> {
  const store = new MongoClient(world.storeUri)
  const [deliveries, notifications] = [
    store.db('rookery').collection('deliveries'),
    store.db('rookery').collection('notifications'),
  ]
  let before = -1
  try {
    return await world.until(async () => {
      const open = await deliveries.countDocuments({ state: { $in: ['queued', 'sending'] } })
      const scheduled = await notifications.countDocuments({ state: 'scheduled' })
      const outbox = await world.outbox()
      const quiet = outbox.length === before
      before = outbox.length
      await pause(1_000)
      return open + scheduled === 0 && quiet ? outbox : undefined
    }, patienceMs)
  } finally {
    await store.close()
  }
}
