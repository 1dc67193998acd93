import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { forgetBot } from '../acts/forget-bot.ts'
import { fireExtra } from '../delivery/fire.ts'
import { sweep } from '../jobs/sweep.ts'
import { Alarm } from '../models/alarm.ts'
import { Delivery } from '../models/delivery.ts'
import { Link } from '../models/link.ts'
import { Notification } from '../models/notification.ts'
import { Occurrence } from '../models/occurrence.ts'
import { until } from './delivery-world.ts'
import { caller, type HttpWorld, startHttpWorld } from './http-world.ts'
import { dueAt, inMs, settled, startJobs, startSchedules } from './schedule-world.ts'

let world: HttpWorld
beforeAll(async () => {
  world = await startHttpWorld()
})
afterAll(() => world.close())

const daily = { cron: '0 9 * * *', timezone: 'Europe/Berlin' }
const month = 30 * 86_400_000

test('says it at its date, by a bot that nobody polls, and not before', async () => {
  await using colony = await startSchedules(world)
  await using _jobs = await startJobs()
  await colony.bot.person('1')
  const at = inMs(1_500)
  const id = await colony.schedule({ userIds: [1], text: 'later', at: at.toISOString() })
  expect(await Alarm.countDocuments({ 'data.notificationId': id })).toBe(1)
  const sentAt = await until(async () => ((await colony.bot.texts()).length > 0 ? Date.now() : undefined))
  expect(sentAt).toBeGreaterThanOrEqual(at.getTime())
  await until(async () => ((await colony.status(id)).schedule.state === 'finished' ? true : undefined))
  await settled()
  expect(await colony.bot.texts()).toEqual(['later'])
  expect(await Alarm.countDocuments({ 'data.notificationId': id })).toBe(0)
})

test('keeps two recurring ones of a bot apart, and goes on with both', async () => {
  await using colony = await startSchedules(world)
  await using _jobs = await startJobs()
  await colony.bot.person('1')
  const ids = [
    await colony.schedule({ userIds: [1], text: 'one', ...daily }),
    await colony.schedule({ userIds: [1], text: 'two', ...daily, times: 2 }),
  ]
  for (const id of ids) await dueAt(id, inMs(200))
  await until(async () => ((await colony.bot.texts()).length === 2 ? true : undefined))
  for (const id of ids) await dueAt(id, inMs(100))
  await until(async () => ((await colony.bot.texts()).length === 4 ? true : undefined))
  await settled()
  expect((await colony.bot.texts()).sort()).toEqual(['one', 'one', 'two', 'two'])
  const [one, two] = await Promise.all(ids.map(colony.status))
  expect(one.schedule).toMatchObject({ state: 'scheduled', fired: 2, occurrences: [{ counts: { sent: 1 } }, {}] })
  expect(one.schedule.scheduledFor).toMatch(/T0[78]:00:00.000Z$/)
  expect(two.schedule).toMatchObject({ state: 'finished', fired: 2 })
})

type Write = (...given: unknown[]) => Promise<unknown>

/** What a process writes at a firing, in order; it dies before one of them is asked for, or once the store has done it. */
const steps: [string, () => Record<string, Write>, string][] = [
  ['the occurrence', () => Occurrence.collection as never, 'insertMany'],
  ['its deliveries', () => Delivery.collection as never, 'insertMany'],
  ['that they are written', () => Occurrence.collection as never, 'updateMany'],
  ['the next date', () => Notification.collection as never, 'updateOne'],
]
test.each(steps.flatMap((step) => [['before', ...step] as const, ['after', ...step] as const]))(
  'says it once when it is killed %s it wrote %s',
  async (when, _, collectionOf, method) => {
    await using colony = await startSchedules(world)
    await colony.bot.person('1')
    const id = await colony.schedule({ userIds: [1], text: 'once', ...daily })
    await dueAt(id, inMs(0))
    const collection = collectionOf()
    const write = collection[method]?.bind(collection)
    const dying = vi.spyOn(collection, method).mockImplementationOnce(async (...given) => {
      if (when === 'after') await write?.(...given)
      throw new Error('killed')
    })
    await expect(sweep()).rejects.toThrow('killed')
    dying.mockRestore()
    await sweep()
    await until(async () => ((await colony.status(id)).counts.sent === 1 ? true : undefined))
    await sweep()
    const { counts, schedule } = await colony.status(id)
    expect({ counts, fired: schedule.fired, occurrences: schedule.occurrences.length }).toEqual({
      counts: { sent: 1 },
      fired: 1,
      occurrences: 1,
    })
    expect(await colony.bot.texts()).toEqual(['once'])
    expect(await Occurrence.countDocuments({ notification: id, state: 'queued' })).toBe(1)
  },
)

test('sends nothing of one that is cancelled while it is firing, and says what became of it', async () => {
  await using colony = await startSchedules(world)
  await colony.bot.person('1')
  const notificationId = await colony.schedule({ userIds: [1], text: 'never', ...daily, reference: 'digest' })
  await dueAt(notificationId, inMs(0))
  const { collection } = Delivery
  const write = collection.insertMany.bind(collection)
  const meanwhile = vi.spyOn(collection, 'insertMany').mockImplementationOnce(async (...given) => {
    await colony.call('notifications/cancel', { reference: 'digest' })
    return write(...given)
  })
  await sweep()
  meanwhile.mockRestore()
  await until(async () => ((await colony.status(notificationId)).counts.cancelled === 1 ? true : undefined))
  const again = await colony.call('notifications/cancel', { notificationId })
  expect(again.body).toEqual({ success: true, notificationId, counts: { cancelled: 1 } })
  expect((await colony.status(notificationId)).schedule).toMatchObject({ state: 'cancelled' })
  await settled()
  expect(await colony.bot.texts()).toEqual([])
})

test('cancels what waits of a notification that was to be said at once; what was sent stays', async () => {
  const bot = await world.newBot()
  const { secret } = await world.apiKey([bot.record])
  const call = caller(world.http, secret, bot.record)
  await bot.person('1')
  await call('notify', { userIds: [1], text: 'never', reference: 'now' })
  expect((await call('notifications/cancel', { reference: 'now' })).body.counts).toEqual({ cancelled: 1 })
  expect((await call('notifications/cancel', { reference: 'other' })).body).toMatchObject({ success: false })
})

test('a month down, then up: a single date is said late unless it expired, a daily one waits for its next date', async () => {
  await using colony = await startSchedules(world)
  await colony.bot.person('1')
  const at = inMs(month).toISOString()
  const ids = {
    single: await colony.schedule({ userIds: [1], text: 'single', at }),
    expired: await colony.schedule({ userIds: [1], text: 'expired', at, expiresAt: inMs(2 * month).toISOString() }),
    daily: await colony.schedule({ userIds: [1], text: 'daily', ...daily }),
  }
  await Notification.updateMany({ _id: Object.values(ids) }, { nextAt: inMs(-month), armed: false })
  await Notification.updateOne({ _id: ids.expired }, { expiresAt: inMs(-month / 2) })
  // Three hours after the daily one, whenever this test runs.
  const now = new Date(new Date().setUTCHours(11, 30, 0, 0))
  await sweep(now)
  await until(async () => ((await colony.status(ids.expired)).counts.expired === 1 ? true : undefined))
  await until(async () => ((await colony.bot.texts()).length === 1 ? true : undefined))
  const { schedule, counts } = await colony.status(ids.daily)
  expect(schedule).toMatchObject({ state: 'scheduled', fired: 0 })
  expect(schedule.occurrences).toMatchObject([{ counts: {}, missedUntil: now.toISOString() }])
  expect(counts).toEqual({})
  expect(new Date(schedule.scheduledFor).getTime()).toBeGreaterThan(now.getTime())
  expect(await colony.bot.texts()).toEqual(['single'])
})

test('finishes an occurrence whose process died, and forgets one that was cancelled meanwhile', async () => {
  await using colony = await startSchedules(world)
  const person = await colony.bot.person('1')
  const record = async (text: string) => {
    const notification = await colony.schedule({ userIds: [1], text, ...daily })
    const firedAt = inMs(-60_000)
    const audience = { persons: [person.personId] }
    await Occurrence.create({
      bot: colony.bot.record._id,
      notification,
      dueAt: firedAt,
      firedAt,
      state: 'expanding',
      audience,
    })
    return notification
  }
  const [kept, cancelled] = [await record('kept'), await record('cancelled')]
  await Notification.cancel(cancelled as never)
  await sweep()
  await until(async () => ((await colony.bot.texts()).length === 1 ? true : undefined))
  expect(await colony.bot.texts()).toEqual(['kept'])
  expect(await Occurrence.findOne({ notification: kept }).lean()).toMatchObject({ state: 'queued' })
  expect(await Occurrence.findOne({ notification: cancelled }).lean()).toMatchObject({ state: 'cancelled' })
})

test('says one that is wished for at once a single time for one wish, and leaves the plan as it is', async () => {
  await using colony = await startSchedules(world)
  await colony.bot.person('1')
  const id = await colony.schedule({ userIds: [1], text: 'now', ...daily })
  const before = (await colony.status(id)).schedule
  const [wished, notification] = [inMs(0), await Notification.scheduled(colony.bot.record._id, id)]
  if (!notification) throw new Error('not scheduled')
  await Promise.all([fireExtra(notification, wished), fireExtra(notification, wished)])
  await until(async () => ((await colony.status(id)).counts.sent === 1 ? true : undefined))
  await settled()
  expect(await colony.bot.texts()).toEqual(['now'])
  const { occurrences, ...schedule } = (await colony.status(id)).schedule
  expect(occurrences).toMatchObject([{ dueAt: wished.toISOString(), extra: true }])
  expect(schedule).toMatchObject({ fired: 0, scheduledFor: before.scheduledFor })
})

test('finds out whom it is for when it falls due', async () => {
  await using colony = await startSchedules(world)
  const first = await colony.bot.person('1')
  const id = await colony.schedule({ userIds: [1], text: 'hello', ...daily })
  await Link.end(colony.bot.record._id, first.personId, '1')
  const second = await colony.bot.person('1')
  await dueAt(id, inMs(0))
  await sweep()
  await until(async () => ((await colony.bot.texts()).length === 1 ? true : undefined))
  expect((await colony.bot.outbox()).map(({ chat_id }) => chat_id)).toEqual([second.chat])
})

test('lets nobody get two of a recurring one at once: what has not gone out when the next is due expires', async () => {
  await using colony = await startSchedules(world)
  await colony.bot.person('1')
  const id = await colony.schedule({ userIds: [1], text: 'hello', ...daily })
  await dueAt(id, inMs(0))
  await sweep()
  const delivery = await Delivery.findOne({ notification: id }).orFail()
  expect(delivery.expiresAt).toEqual((await Notification.findById(id).orFail()).nextAt)
})

test('ends a recurring one when it expires', async () => {
  await using colony = await startSchedules(world)
  await colony.bot.person('1')
  const id = await colony.schedule({ userIds: [1], text: 'hello', ...daily, expiresAt: inMs(month).toISOString() })
  await Notification.updateOne({ _id: id }, { nextAt: inMs(0), expiresAt: inMs(1_000) })
  await sweep()
  expect((await colony.status(id)).schedule).toMatchObject({ state: 'finished', fired: 1 })
})

test('lets no job wait for what was cancelled', async () => {
  await using colony = await startSchedules(world)
  await using _jobs = await startJobs()
  await colony.bot.person('1')
  const notificationId = await colony.schedule({ userIds: [1], text: 'hello', ...daily })
  expect(await Alarm.countDocuments({ 'data.notificationId': notificationId })).toBe(1)
  await colony.call('notifications/cancel', { notificationId })
  expect(await Alarm.countDocuments({ 'data.notificationId': notificationId })).toBe(0)
})

test('one that cannot be fired holds up no other', async () => {
  await using colony = await startSchedules(world)
  await colony.bot.person('1')
  const [broken, whole] = [
    await colony.schedule({ userIds: [1], text: 'broken', ...daily }),
    await colony.schedule({ userIds: [1], text: 'whole', ...daily }),
  ]
  await Notification.updateOne({ _id: broken }, { nextAt: inMs(-2), 'plan.timezone': 'Mars/Base' })
  await dueAt(whole, inMs(-1))
  await expect(sweep()).rejects.toThrow()
  await until(async () => ((await colony.bot.texts()).length === 1 ? true : undefined))
  expect(await colony.bot.texts()).toEqual(['whole'])
  await Notification.deleteOne({ _id: broken })
})

test('forgets with a bot what was to be said by it', async () => {
  await using colony = await startSchedules(world)
  await using _jobs = await startJobs()
  await colony.bot.person('1')
  const id = await colony.schedule({ userIds: [1], text: 'hello', ...daily })
  await dueAt(id, inMs(0))
  await until(async () => ((await colony.bot.texts()).length === 1 ? true : undefined))
  // The job that fired has set the next alarm.
  const next = { _id: id, nextAt: { $gt: new Date() }, armed: { $exists: false } }
  await until(async () => ((await Notification.exists(next)) ? true : undefined))
  expect(await Alarm.countDocuments({ 'data.notificationId': id })).toBeGreaterThan(0)
  await forgetBot(colony.bot.record)
  const left = [Alarm.countDocuments({ 'data.notificationId': id }), Occurrence.countDocuments({ notification: id })]
  expect(await Promise.all([...left, Delivery.countDocuments({ notification: id })])).toEqual([0, 0, 0])
})
