import { afterAll, beforeAll, expect, test } from 'vitest'
import { pause } from '../acts/pause.ts'
import { notifyUser } from '../delivery/notify.ts'
import { Alarm } from '../models/alarm.ts'
import { Delivery } from '../models/delivery.ts'
import { Key } from '../models/key.ts'
import { Link } from '../models/link.ts'
import { Notification } from '../models/notification.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { deliveriesOf, finished, until } from './delivery-world.ts'
import { caller, type HttpWorld, startHttpWorld } from './http-world.ts'
import { inMs, startJobs } from './schedule-world.ts'

let world: HttpWorld
beforeAll(async () => {
  world = await startHttpWorld()
})
afterAll(() => world.close())

async function start() {
  const bot = await world.newBot()
  const { secret } = await world.apiKey([bot.record])
  return { bot, call: caller(world.http, secret, bot.record) }
}

const block = ({ _id }: PersonRecord) => Person.updateOne({ _id }, { blocked: { at: new Date() } })
const unblock = ({ _id }: PersonRecord) => Person.updateOne({ _id }, { $unset: { blocked: 1 } })
const part = ({ _id, userId }: PersonRecord, parted: 'disconnected' | 'deleted') =>
  Person.updateOne({ _id }, { $set: { formerUserId: userId, parted }, $unset: { userId: 1, soleUserId: 1 } })

async function peopleOf(bot: Awaited<ReturnType<typeof start>>['bot']) {
  const people = [await bot.person('1'), await bot.person('2'), await bot.person('3'), await bot.person('4')] as const
  await block(people[1])
  await part(people[2], 'disconnected')
  await part(people[3], 'deleted')
  return people
}

const notReached = [
  { userId: 2, reason: 'blocked' },
  { userId: '3', reason: 'disconnected' },
  { userId: 4, reason: 'deleted' },
]

test('counts apart whom the bot knows and does not reach, and who is not found, as the caller spells them', async () => {
  const { bot, call } = await start()
  await peopleOf(bot)
  const params = { userIds: [1, 2, '3', 4, 5], text: 'hi', critical: true }
  expect((await call('notify', { ...params, dryRun: true })).body).toMatchObject({
    recipients: [{ userId: '1' }],
    notReached,
    notFound: [5],
  })
  const { body } = await call('notify', params)
  expect(body).toEqual({ success: true, notificationId: expect.any(String), queued: 1, notReached, notFound: [5] })
  expect(await deliveriesOf(body.notificationId)).toHaveLength(1)
})

test.each([
  [[2], 'The account is blocked, and nothing was sent'],
  [[3], 'The person has disconnected from this bot, and nothing was sent'],
  [[4], 'The account was deleted, and nothing was sent'],
  [[2, 3, 5], 'Nobody of them is reached: their accounts are blocked, deleted or disconnected'],
  [[5], 'User not found'],
])('says why a call for %j reaches nobody, and writes nothing', async (userIds, message) => {
  const { bot, call } = await start()
  await peopleOf(bot)
  expect((await call('notify', { userIds, text: 'hi' })).body).toEqual({ success: false, message })
  expect(await Notification.countDocuments({ bot: bot.record._id })).toBe(0)
  expect(await Delivery.countDocuments({ bot: bot.record._id })).toBe(0)
})

test('a key whose person is blocked is not reached, as the caller spells it', async () => {
  const { bot, call } = await start()
  const [reached, blocked] = await peopleOf(bot)
  const key = await Key.issue(bot.record._id, blocked.personId, '12345678', inMs(3_600_000))
  await Key.bind(key._id, '2')
  const { body } = await call('notify', { userIds: [reached.userId], keys: ['1234 5678'], text: 'hi' })
  expect(body).toMatchObject({ queued: 1, notReached: [{ key: '1234 5678', reason: 'blocked' }] })
})

test('a user whom several persons have is reached while one of them is', async () => {
  const { bot, call } = await start()
  const [one, other] = [await bot.person(), await bot.person()]
  for (const { personId } of [one, other]) await Link.share(bot.record._id, personId, '7')
  await block(one)
  const { body } = await call('notify', { userIds: [7], text: 'hi' })
  expect(body).toEqual({ success: true, notificationId: expect.any(String), queued: 1 })
})

test("an endpoint's own word to a blocked user is refused with the reason", async () => {
  const { bot } = await start()
  await peopleOf(bot)
  const tell = (userId: string) => notifyUser(bot.record, userId, { text: 'hi' })
  await expect(tell('2')).rejects.toThrow('not-reached.blocked')
  await expect(tell('4')).rejects.toThrow('not-reached.deleted')
  await expect(tell('5')).rejects.toThrow('api.userNotFound')
})

test('a schedule leaves out who is blocked when it falls due, and reaches who no longer is', async () => {
  const { bot, call } = await start()
  const [, blocked] = await peopleOf(bot)
  await using _jobs = await startJobs()
  const params = { userIds: [1, 2], text: 'hi', critical: true }
  const first = (await call('notify', { ...params, at: inMs(400) })).body
  expect(first).toMatchObject({ success: true, reaches: 1, notReached: [{ userId: 2, reason: 'blocked' }] })
  await until(async () => ((await deliveriesOf(first.notificationId)).length > 0 ? true : undefined))
  expect((await deliveriesOf(first.notificationId)).map(({ userId }) => userId)).toEqual(['1'])
  const second = (await call('notify', { ...params, at: inMs(400) })).body
  await unblock(blocked)
  await until(async () => ((await deliveriesOf(second.notificationId)).length === 2 ? true : undefined))
  expect((await Notification.findById(second.notificationId).orFail()).critical).toBe(true)
  // Agenda stops only once what it has taken is done.
  await until(async () => ((await Alarm.exists({})) ? undefined : true))
})

test('what is queued for who is blocked or unlinked since is cancelled, critical or not; our own word comes', async () => {
  const { bot } = await start()
  const [blocked, parted] = [await bot.person('b'), await bot.person('p')]
  const receipts = [
    await bot.say([blocked, parted], 'plain'),
    await bot.say([blocked, parted], 'critical', { critical: true }),
  ]
  const own = await bot.say([blocked, parted], 'own', { own: true })
  await block(blocked)
  await part(parted, 'disconnected')
  const dispatcher = bot.dispatch()
  for (const receipt of receipts)
    expect((await finished(receipt)).map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
  expect((await finished(own)).map(({ state }) => state)).toEqual(['sent', 'sent'])
  await dispatcher.stop()
  expect(await bot.texts()).toEqual(['own', 'own'])
})

test('what waits in a lane is held when its person pauses meanwhile, and cancelled when they are blocked', async () => {
  const { bot } = await start()
  const [paused, blocked] = [await bot.person('1'), await bot.person('2')]
  await bot.strike({ fail_share: 1 })
  const dispatcher = bot.dispatch({ pauseBefore: () => 400, attempts: 100 })
  const first = await bot.say([paused], 'first')
  const second = await bot.say([blocked], 'second')
  await until(async () => ((await deliveriesOf(first.notificationId))[0]?.attempts ? true : undefined))
  await until(async () => ((await deliveriesOf(second.notificationId))[0]?.attempts ? true : undefined))
  await pause(bot.record, [paused.personId], inMs(3_600_000), { system: true })
  await block(blocked)
  expect(await finished(second)).toMatchObject([{ state: 'cancelled' }])
  const held = await until(async () => {
    const [delivery] = await deliveriesOf(first.notificationId)
    return delivery?.held ? delivery : undefined
  })
  expect(held).toMatchObject({ state: 'queued', held: 'pause' })
  await bot.strike({})
  // The rest of the chat goes on: the word that they have paused is behind it.
  await until(async () => ((await bot.texts()).some((text) => text.includes('I send you nothing')) ? true : undefined))
  await dispatcher.stop()
  expect(await bot.texts()).not.toContain('first')
})

test('what is due in a chat of many is held from the moment that their person pauses', async () => {
  const { bot } = await start()
  const person = await bot.person('1')
  const receipts = []
  for (let nth = 0; nth < 12; nth++) receipts.push(await bot.say([person], `message ${nth}`))
  const dispatcher = bot.dispatch({ trustMs: 0 })
  await bot.strike({ delay_ms: 100 })
  await until(async () => ((await bot.texts()).length > 0 ? true : undefined))
  await pause(bot.record, [person.personId], inMs(3_600_000), { system: true })
  const last = receipts.at(-1)
  await until(async () => ((await deliveriesOf(last?.notificationId ?? ''))[0]?.held === 'pause' ? true : undefined))
  await dispatcher.stop()
  const states = await Promise.all(receipts.map(async ({ notificationId }) => (await deliveriesOf(notificationId))[0]))
  const sent = states.filter((one) => one?.state === 'sent').length
  const waiting = states.filter((one) => one?.state === 'queued' && one.held === 'pause').length
  expect(sent + waiting).toBe(12)
  expect(waiting).toBeGreaterThan(0)
})
