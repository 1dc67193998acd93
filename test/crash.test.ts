import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Call, Caller } from './crash-caller.ts'
import { FormFiller, summaryOf } from './crash-form.ts'
import { randomFrom } from './crash-random.ts'
import { CrashWorld, type OutboxLine } from './crash-world.ts'

const kills = Number(process.env.CRASH_KILLS ?? 3)
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
const people = 10
const users = 40
const callsPerSecond = 20
const sendTakesMs = 100
/** A life lasts so many milliseconds from its start, so that some end before they have begun to work. */
const [shortest, longest] = [300, 5_000]

let world: CrashWorld
let caller: Caller
let fillers: FormFiller[]
let outbox: OutboxLine[]
const userIds = new Map<string, number>()
/** How often each text went to each chat. */
let arrivals: Map<string, number>

beforeAll(
  async () => {
    process.stdout.write(`Crash test: ${kills} kills, CRASH_SEED=${seed}\n`)
    const random = randomFrom(seed)
    world = await CrashWorld.open()
    caller = await connectUsers()
    fillers = await Promise.all(
      Array.from({ length: people }, async (_, who) => {
        const { id } = await world.addPerson(`Filler ${who}`)
        return new FormFiller(await world.connect(id), who, world.bot.username)
      }),
    )
    await world.slowDown(sendTakesMs)
    caller.begin(callsPerSecond)
    for (let kill = 0; kill < kills; kill++) {
      await pause(shortest + random() * (longest - shortest))
      await world.kill()
      world.start()
    }
    await pause(longest)
    await caller.stop()
    await Promise.all(fillers.map((filler) => filler.leave()))
    await caller.repeatUnanswered()
    outbox = await settledOutbox()
    arrivals = countBy(outbox, ({ chat_id, text }) => `${chat_id} ${text}`)
    report()
  },
  120_000 + kills * 10_000,
)
afterAll(() => world?.close())

test('every acknowledged call is delivered to its own user', () => {
  expect(caller.refusals).toEqual([])
  const acknowledged = caller.calls.filter(({ notificationId }) => notificationId)
  expect(acknowledged.length).toBeGreaterThan((kills * callsPerSecond) / 2)
  expect(acknowledged.filter((call) => copiesOf(call) === 0)).toEqual([])
  expect(caller.calls.filter((call) => strays(call) > 0)).toEqual([])
})

test('the calls for one user arrive in the order they were acknowledged', () => {
  const placeOf = new Map(outbox.toReversed().map(({ text, seq }) => [text, seq]))
  for (const calls of Map.groupBy(caller.calls, ({ userId }) => userId).values()) {
    const known = calls.filter(({ notificationId, repeated }) => notificationId && !repeated)
    known.forEach((call, index) => {
      const next = known[index + 1]
      if (next && next.sentAt > call.answeredAt)
        expect(placeOf.get(call.text), call.text).toBeLessThan(placeOf.get(next.text) ?? 0)
    })
  }
})

test('every form holds its own person’s answers in order', () => {
  for (const { id, forms } of fillers) {
    expect(forms.length).toBeGreaterThan(0)
    const said = new Set(
      outbox.filter(({ chat_id, text }) => chat_id === id && text.startsWith('Thank you!')).map(({ text }) => text),
    )
    expect([...said]).toEqual(forms.map(summaryOf))
  }
})

test('a person hears at most one reply twice for each kill, the one that was under way', () => {
  for (const { id, forms } of fillers) {
    const said = outbox.filter(({ chat_id }) => chat_id === id).length
    expect(said - 4 * forms.length, `replies to ${id} beyond its forms`).toBeLessThanOrEqual(kills)
  }
})

test('every ledger closes, and a delivery has no more copies than it admits', async () => {
  let possibleDuplicates = 0
  for (const call of caller.calls) {
    if (!call.notificationId) {
      expect(copiesOf(call), call.text).toBeLessThanOrEqual(1 + kills)
      continue
    }
    const status = await caller.call(call.bot, 'notifications/status', {
      notificationId: call.notificationId,
    })
    expect(status, call.text).toMatchObject({
      counts: { sent: 1 },
      recipients: [{ userId: call.userId, state: 'sent' }],
    })
    const [recipient] = status.recipients as { possibleDuplicates: number }[]
    expect(copiesOf(call) - 1, JSON.stringify([call, status])).toBeLessThanOrEqual(recipient?.possibleDuplicates ?? 0)
    possibleDuplicates += recipient?.possibleDuplicates ?? 0
  }
  // A chat has one delivery under way, so a kill leaves at most one a user in doubt.
  expect(possibleDuplicates).toBeLessThanOrEqual(kills * users)
  process.stdout.write(`Crash test: ${possibleDuplicates} possible duplicates admitted\n`)
}, 60_000)

/** Forty people ask the bot for their keys, and another system connects them over HTTP. */
async function connectUsers(): Promise<Caller> {
  const names = Array.from({ length: users }, (_, nth) => `user-${nth}`)
  const [apiKey, keys] = await Promise.all([world.makeApiKey('Shop'), askForKeys(names)])
  const callees = names.map((userId) => ({ userId, bot: world.bot.username }))
  const calling = new Caller(() => world.url, { apiKey, users: callees })
  for (const [userId, id] of userIds) {
    const answer = await calling.call(world.bot.username, 'keys/assign', { key: keys.get(id), userId })
    expect(answer).toMatchObject({ success: true })
  }
  return calling
}

/** The keys that the bot gave to the people of these names. */
async function askForKeys(names: string[]): Promise<Map<number, string>> {
  for (const name of names) {
    const { id } = await world.addPerson(name)
    userIds.set(name, id)
    await world.sends(id, '/key')
  }
  return world.until(async () => {
    const said = (await world.outbox()).map(
      ({ chat_id, text }) => [chat_id, /\d{4} \d{4}/.exec(text)?.[0] ?? ''] as const,
    )
    return said.filter(([, key]) => key).length >= users ? new Map(said) : undefined
  })
}

/** The outbox once all that was acknowledged is in it, and nothing more comes. */
function settledOutbox(): Promise<OutboxLine[]> {
  let before = -1
  return world.until(async () => {
    const lines = await world.outbox()
    const texts = new Set(lines.map(({ text }) => text))
    const complete = caller.calls.every(({ notificationId, text }) => !notificationId || texts.has(text))
    const quiet = lines.length === before
    before = lines.length
    return complete && quiet ? lines : undefined
  }, 1_000)
}

function copiesOf({ userId, text }: Call): number {
  return arrivals.get(`${userIds.get(userId)} ${text}`) ?? 0
}

/** How often the call's text came to somebody else. */
function strays(call: Call): number {
  return outbox.filter(({ text }) => text === call.text).length - copiesOf(call)
}

function countBy<Item>(items: Item[], key: (item: Item) => string): Map<string, number> {
  return new Map([...Map.groupBy(items, key)].map(([name, group]) => [name, group.length]))
}

function report(): void {
  const acknowledged = caller.calls.filter(({ notificationId }) => notificationId)
  const copies = acknowledged.reduce((sum, call) => sum + copiesOf(call), 0)
  const forms = fillers.reduce((sum, filler) => sum + filler.forms.length, 0)
  const replies = outbox.filter(({ chat_id }) => fillers.some(({ id }) => id === chat_id)).length
  process.stdout.write(
    `Crash test: ${caller.calls.length} calls, ${acknowledged.length} acknowledged (${acknowledged.filter(({ repeated }) => repeated).length} when repeated), ${copies - acknowledged.length} arrived twice; ${forms} forms, ${replies - 4 * forms} replies said twice\n`,
  )
}
