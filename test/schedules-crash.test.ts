import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { caller } from './by-chat.ts'
import { CrashWorld } from './crash-world.ts'

/** `npm run test:schedules` takes its time: ten seconds from the call to the date, and kills at several moments of a firing. */
const atLength = process.env.SCHEDULES_AT_LENGTH !== undefined
const dueInMs = atLength ? 10_000 : 1_500
const killBeforeMs = 400
const people = atLength ? 10 : 2
const quietMs = atLength ? 1_500 : 500

let world: CrashWorld
let call: (alias: string, params: object) => Promise<unknown>
const ids = new Map<string, number>()

beforeAll(async () => {
  world = await CrashWorld.open()
  const users = Array.from({ length: people }, (_, nth) => `user-${nth}`)
  for (const user of users) {
    const { id } = await world.addPerson(user)
    ids.set(user, id)
    await world.sends(id, '/key')
  }
  const keys = await world.until(async () => {
    const lines = (await world.outbox()).map(({ chat_id, text }) => [chat_id, /\d{4} \d{4}/.exec(text)?.[0]] as const)
    const found = new Map(lines.filter(([, key]) => key))
    return found.size === people ? found : undefined
  })
  call = caller(world, world.bot.username, await world.makeApiKey('Shop'))
  for (const [userId, id] of ids)
    expect(await call('keys/assign', { key: keys.get(id), userId })).toMatchObject({ success: true })
}, 60_000)
afterAll(() => world?.close())

type Status = {
  counts: Record<string, number>
  schedule: object
  recipients: { userId: string; possibleDuplicates: number }[]
}
const statusOf = (notificationId: string) => call('notifications/status', { notificationId }) as Promise<Status>

async function schedule(text: string): Promise<{ notificationId: string; at: Date }> {
  const at = new Date(Date.now() + dueInMs)
  const order = { userIds: [...ids.keys()], text, at: at.toISOString() }
  const answer = (await call('notify', order)) as { notificationId: string }
  expect(answer).toMatchObject({ success: true, scheduledFor: at.toISOString(), reaches: people })
  return { notificationId: answer.notificationId, at }
}

const waitUntil = (date: Date, ms: number) => pause(Math.max(0, date.getTime() + ms - Date.now()))
const copiesOf = async (text: string) => (await world.outbox()).filter((line) => line.text === text)

/** Waits until everybody has it, and then for what should not come. */
async function heardBy(text: string): Promise<Map<number, number>> {
  await world.until(async () => {
    const chats = new Set((await copiesOf(text)).map(({ chat_id }) => chat_id))
    return chats.size === people ? true : undefined
  })
  await pause(quietMs)
  const copies = Map.groupBy(await copiesOf(text), ({ chat_id }) => chat_id)
  return new Map([...copies].map(([chat, lines]) => [chat, lines.length]))
}

test('one whose process is killed just before it is due comes once, as soon as there is a process again', async () => {
  const { notificationId, at } = await schedule('killed before')
  await waitUntil(at, -killBeforeMs)
  await world.kill()
  expect(await copiesOf('killed before')).toEqual([])
  const start = world.start()
  await start.says(/^Rookery: /m)
  const startedAt = Date.now()
  const copies = await heardBy('killed before')
  process.stdout.write(
    `Schedules: killed ${killBeforeMs} ms before, ready ${startedAt - at.getTime()} ms after the date\n`,
  )
  expect([...copies.values()]).toEqual(Array(people).fill(1))
  const status = await statusOf(notificationId)
  expect(status).toMatchObject({ counts: { sent: people }, schedule: { state: 'finished', fired: 1 } })
}, 60_000)

test.runIf(atLength).each([0, 20, 40, 80, 160, 320])(
  'one whose process is killed while it is firing, %i ms after the date, comes to everybody, twice only where that is admitted',
  async (ms) => {
    await world.slowDown(100)
    const text = `killed ${ms} ms after`
    const { notificationId, at } = await schedule(text)
    await waitUntil(at, ms)
    await world.kill()
    const before = (await copiesOf(text)).length
    await world.start().says(/^Rookery: /m)
    const copies = await heardBy(text)
    const { counts, recipients } = await statusOf(notificationId)
    expect(counts).toEqual({ sent: people })
    const admitted = new Map(recipients.map((one) => [ids.get(one.userId), one.possibleDuplicates]))
    const twice = [...copies.values()].filter((count) => count > 1).length
    process.stdout.write(`Schedules: ${text} when ${before} of ${people} were out; ${twice} came twice\n`)
    for (const [chat, count] of copies) expect(count - 1).toBeLessThanOrEqual(admitted.get(chat) ?? 0)
  },
  60_000,
)
