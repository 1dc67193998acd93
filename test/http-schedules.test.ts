import { afterAll, beforeAll, expect, test } from 'vitest'
import { Key } from '../models/key.ts'
import { Notification } from '../models/notification.ts'
import { caller, type HttpWorld, startHttpWorld } from './http-world.ts'

let world: HttpWorld
/** For calls that do nothing. */
let refusing: Awaited<ReturnType<typeof start>>
beforeAll(async () => {
  world = await startHttpWorld()
  refusing = await start()
})
afterAll(() => world.close())

async function start() {
  const bot = await world.newBot()
  const { secret } = await world.apiKey([bot.record])
  await bot.person('1')
  return { bot, call: caller(world.http, secret, bot.record) }
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
const daily = { cron: '0 9 * * 1-5', timezone: 'Asia/Tashkent' }

test('answers when it falls due, and whom it would reach now', async () => {
  const { call } = await start()
  const at = inDays(1)
  const { body } = await call('notify', { userIds: [1, 2], text: 'hi', at })
  expect(body).toEqual({
    success: true,
    notificationId: expect.any(String),
    scheduledFor: at,
    reaches: 1,
    notFound: [2],
  })
  const later = (await call('notify', { userIds: ['nobody yet'], text: 'hi', ...daily })).body
  expect(later).toMatchObject({ success: true, reaches: 0, notFound: ['nobody yet'] })
  expect(later.scheduledFor).toMatch(/T04:00:00.000Z$/)
  const dry = (await call('notify', { userIds: [1], text: 'hi', at, dryRun: true })).body
  expect(dry).toMatchObject({ dryRun: true, recipients: [{ userId: '1' }], scheduledFor: at })
})

test('keeps of keys only whom they reach, and takes none that reach nobody', async () => {
  const { bot, call } = await start()
  const person = await bot.person()
  const key = await Key.issue(bot.record._id, person.personId, '12345678', new Date(inDays(1)))
  await Key.bind(key._id, '5')
  const { body } = await call('notify', { keys: ['1234 5678'], text: 'hi', at: inDays(1) })
  expect(body).toMatchObject({ success: true, reaches: 1 })
  const { audience } = await Notification.findById(body.notificationId).orFail()
  expect(audience).toMatchObject({ userIds: [], persons: [person.personId] })
  expect((await call('notify', { keys: ['99999999'], text: 'hi', at: inDays(1) })).body).toMatchObject({
    success: false,
    message: 'User not found',
  })
})

test.each([
  ['at', { at: inDays(-1) }, 'must be a date to come'],
  ['at', { at: '2027-03-01T09:00:00' }, expect.stringContaining('offset')],
  ['at', { at: 'tomorrow' }, expect.stringContaining('offset')],
  ['cron', { at: inDays(1), ...daily }, 'give either at or cron'],
  ['cron', { ...daily, cron: '0 9 * *' }, expect.stringContaining('five fields')],
  ['cron', { ...daily, cron: '0 0 9 * * *' }, expect.stringContaining('five fields')],
  ['timezone', { cron: '0 9 * * *' }, expect.stringContaining('Europe/Berlin')],
  ['timezone', { ...daily, timezone: 'Mars/Base' }, expect.stringContaining('time zone')],
  ['timezone', { timezone: 'Asia/Tashkent' }, 'goes with cron alone'],
  ['until', { at: inDays(1), until: inDays(2) }, 'goes with cron alone'],
  ['until', { ...daily, until: inDays(-1) }, 'comes before the first date of the cron line'],
  ['times', { ...daily, times: 0 }, expect.anything()],
  ['expiresAt', { at: inDays(2), expiresAt: inDays(1) }, expect.stringContaining('must come after')],
  ['expiresAt', { expiresAt: inDays(-1) }, expect.stringContaining('must come after')],
])('refuses a wrong %s: %j', async (field, params, message) => {
  const { bot, call } = refusing
  const { status, body } = await call('notify', { userIds: [1], text: 'hi', ...params })
  expect([status, body.errorCode]).toEqual([200, 422])
  expect(body.errors).toEqual([{ field, message }])
  expect(await Notification.countDocuments({ bot: bot.record._id })).toBe(0)
})

test('answers a repeat under the same Idempotency-Key as it answered the first call, also once the date has passed', async () => {
  const { bot, call } = await start()
  const params = { userIds: [1], text: 'hi', at: new Date(Date.now() + 500).toISOString() }
  const first = await call('notify', params, { 'idempotency-key': 'order-42' })
  const second = await call('notify', params, { 'idempotency-key': 'order-42' })
  expect(second.body).toEqual(first.body)
  await expect.poll(() => Date.now() > Date.parse(params.at)).toBe(true)
  expect((await call('notify', params, { 'idempotency-key': 'order-42' })).body).toEqual(first.body)
  expect((await call('notify', params, { 'idempotency-key': 'order-43' })).body.errorCode).toBe(422)
  expect(await Notification.countDocuments({ bot: bot.record._id })).toBe(1)
})

test('lists what is scheduled, page by page, and no more what was cancelled', async () => {
  const { call } = await start()
  const one = (await call('notify', { userIds: [1], text: 'hi', at: inDays(1), reference: 'one' })).body
  const two = (await call('notify', { userIds: [1, 2], text: 'hi', ...daily, until: inDays(9), times: 3 })).body
  await call('notify', { userIds: [1], text: 'at once' })
  const page = (await call('notifications/list', { limit: 1 })).body
  expect(page.notifications).toEqual([
    {
      notificationId: one.notificationId,
      reference: 'one',
      scheduledFor: one.scheduledFor,
      fired: 0,
      whom: { userIds: ['1'], users: 1, persons: 0 },
      madeBy: 'ERP',
      madeAt: expect.any(String),
    },
  ])
  const rest = (await call('notifications/list', { after: page.next })).body
  expect(rest.next).toBeUndefined()
  expect(rest.notifications).toMatchObject([
    { notificationId: two.notificationId, ...daily, times: 3, whom: { users: 2 } },
  ])
  await call('notifications/cancel', { reference: 'one' })
  expect((await call('notifications/list')).body.notifications).toHaveLength(1)
})

test('by a reference that several carry cancels the latest that goes on, one call after the other', async () => {
  const { call } = await start()
  const ids = []
  for (const text of ['first', 'second'])
    ids.push((await call('notify', { userIds: [1], text, at: inDays(1), reference: 'twice' })).body.notificationId)
  const cancelled = []
  for (let times = 0; times < 2; times++)
    cancelled.push((await call('notifications/cancel', { reference: 'twice' })).body.notificationId)
  expect(cancelled).toEqual(ids.toReversed())
  expect((await call('notifications/list')).body.notifications).toEqual([])
})

test('tells of a schedule that waits', async () => {
  const { call } = await start()
  const { notificationId, scheduledFor } = (await call('notify', { userIds: [1], text: 'hi', at: inDays(1) })).body
  expect((await call('notifications/status', { notificationId })).body).toEqual({
    success: true,
    notificationId,
    madeAt: expect.any(String),
    schedule: { state: 'scheduled', scheduledFor, fired: 0, occurrences: [] },
    counts: {},
    recipients: [],
  })
})
