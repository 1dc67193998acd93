import { mongo } from 'mongoose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Bot } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { Key } from '../models/key.ts'
import { Link } from '../models/link.ts'
import { Notification } from '../models/notification.ts'
import { Person } from '../models/person.ts'
import { deliveriesOf, finished } from './delivery-world.ts'
import { caller, type HttpWorld, startHttpWorld } from './http-world.ts'

let world: HttpWorld
beforeAll(async () => {
  world = await startHttpWorld()
})
afterAll(() => world.close())

async function start() {
  const bot = await world.newBot()
  const { secret, record: apiKey } = await world.apiKey([bot.record])
  return { bot, apiKey, call: caller(world.http, secret, bot.record) }
}

test('makes the bot speak to a user, whose id is a number or a string', async () => {
  const { bot, apiKey, call } = await start()
  await bot.person('127')
  const dispatcher = bot.dispatch()
  const first = (await call('notify', { userIds: [127], text: 'Order 42 has shipped' })).body
  const second = (await call('notify', { userIds: ['127', 127], text: 'Once more' })).body
  expect(first).toEqual({ success: true, notificationId: expect.any(String), queued: 1 })
  expect(second).toMatchObject({ success: true, queued: 1 })
  await finished(first)
  await finished(second)
  await dispatcher.stop()
  expect(await bot.texts()).toEqual(['Order 42 has shipped', 'Once more'])
  const record = await Notification.findById(first.notificationId).orFail()
  expect(record.madeBy).toEqual({ apiKey: apiKey._id })
})

test('reaches the persons of bound keys, as people read them out', async () => {
  const { bot, call } = await start()
  const person = await bot.person()
  const inAnHour = new Date(Date.now() + 3_600_000)
  const bound = await Key.issue(bot.record._id, person.personId, '12345678', inAnHour)
  await Key.issue(bot.record._id, person.personId, '87654321', inAnHour)
  await Key.bind(bound._id, '5')
  const { body } = await call('notify', { keys: ['1234 56-78', '8765 4321', 99999999], text: 'hi' })
  expect(body).toMatchObject({ success: true, queued: 1, notFound: ['8765 4321', 99999999] })
})

test('says whom it did not find, in the spelling of the caller', async () => {
  const { bot, call } = await start()
  await bot.person('a')
  expect((await call('notify', { userIds: ['a', 127, '128'], text: 'hi' })).body).toMatchObject({
    success: true,
    queued: 1,
    notFound: [127, '128'],
  })
  expect((await call('notify', { userIds: [1], text: 'hi' }, { 'accept-language': 'ru' })).body).toEqual({
    success: false,
    message: 'Пользователь не найден',
  })
})

test('sends nothing on a dry run, but says who would get it', async () => {
  const { bot, call } = await start()
  const person = await bot.person('7', 'uz')
  const { body } = await call('notify', { userIds: [7, 8], text: 'hi', dryRun: true })
  expect(body).toEqual({
    success: true,
    dryRun: true,
    recipients: [{ userId: '7', name: person.name, locale: 'uz', stopped: false }],
    notFound: [8],
  })
  expect(await Delivery.countDocuments({ bot: bot.record._id })).toBe(0)
})

test('does not succeed when everybody has stopped the bot', async () => {
  const { bot, call } = await start()
  const gone = await bot.person('1')
  await Person.stop(bot.record._id, gone.personId, 'by-command')
  expect((await call('notify', { userIds: [1], text: 'hi' })).body).toEqual({
    success: false,
    message: 'Everybody this was meant for has stopped the bot',
  })
  await bot.person('2')
  const { body } = await call('notify', { userIds: [1, 2], text: 'hi' })
  expect(body).toMatchObject({ success: true, queued: 1, stopped: 1 })
  expect((await deliveriesOf(body.notificationId)).map(({ state }) => state).sort()).toEqual(['queued', 'stopped'])
})

test('holds what it takes while the bot is switched off or its token is dead', async () => {
  const { bot, call } = await start()
  await bot.person('1')
  await Bot.change(bot.record._id, { switchedOff: true })
  expect((await call('notify', { userIds: [1], text: 'hi' })).body).toMatchObject({
    success: true,
    queued: 1,
    held: true,
  })
  await Bot.change(bot.record._id, { switchedOff: false, tokenDeadSince: new Date() })
  expect((await call('notify', { userIds: [1], text: 'hi' })).body.held).toBe(true)
})

test('answers a repeat under the same Idempotency-Key as it answered the first call', async () => {
  const { bot, call } = await start()
  await bot.person('1')
  const params = { userIds: [1, 2], text: 'hi' }
  const first = await call('notify', params, { 'idempotency-key': 'order-42' })
  const { personId } = await Person.findOne({ bot: bot.record._id, userId: '1' }).orFail()
  await Link.end(bot.record._id, personId, '1')
  const again = await call('notify', params, { 'idempotency-key': 'order-42' })
  expect(again.body).toEqual(first.body)
  expect(again.body).toMatchObject({ success: true, queued: 1, notFound: [2] })
  const { body } = await call(
    'notify',
    { ...params, text: 'other' },
    { 'idempotency-key': 'order-42', 'accept-language': 'ru' },
  )
  expect(body).toMatchObject({ success: false, errorCode: 422, message: 'Ошибка валидации' })
  expect(await Notification.countDocuments({ bot: bot.record._id })).toBe(1)
})

test('carries out one of many calls under one Idempotency-Key', async () => {
  const { bot, call } = await start()
  await bot.person('1')
  const calls = Array.from({ length: 20 }, () =>
    call('notify', { userIds: [1], text: 'hi' }, { 'idempotency-key': 'same' }),
  )
  const answers = await Promise.all(calls)
  const done = answers.filter(({ status }) => status === 200)
  expect(new Set(done.map(({ body }) => body.notificationId)).size).toBe(1)
  for (const answer of answers.filter(({ status }) => status !== 200)) {
    expect([answer.status, answer.headers['retry-after']]).toEqual([409, '1'])
  }
  expect(await Delivery.countDocuments({ bot: bot.record._id })).toBe(1)
})

test('says 409 while the first call is in progress, and finishes one whose process died', async () => {
  const { bot, call } = await start()
  await bot.person('1')
  const repeat = () => call('notify', { userIds: [1], text: 'hi' }, { 'idempotency-key': 'k' })
  const { body } = await repeat()
  await Notification.updateOne({ _id: body.notificationId }, { state: 'expanding' })
  await Delivery.deleteMany({ notification: body.notificationId })
  expect((await repeat()).status).toBe(409)
  await Notification.updateOne({ _id: body.notificationId }, { madeAt: new Date(Date.now() - 60_000) })
  expect((await repeat()).body).toEqual(body)
  expect(await deliveriesOf(body.notificationId)).toHaveLength(1)
})

test.each([
  ['HTML that is none', { text: '<b>x', format: 'html' }, 'text'],
  ['an empty text', { text: ' ' }, 'text'],
  ['nothing to say', {}, 'text'],
  ['a language we do not speak', { text: { de: 'Hallo' } }, 'text'],
  ['no recipients', { text: 'x', userIds: [] }, 'userIds'],
  ['a fraction as a user', { text: 'x', userIds: [1.5] }, 'userIds.0'],
  ['a user of 129 characters', { text: 'x', userIds: ['a'.repeat(129)] }, 'userIds.0'],
  ['half an emoji in a user', { text: 'x', userIds: ['a\ud83d'] }, 'userIds.0'],
  ['a zero character in a reference', { text: 'x', reference: 'a\0b' }, 'reference'],
  ['letters as a key', { text: 'x', keys: ['12ab'] }, 'keys.0'],
  ['a photo that is no address', { photo: 'cat.png' }, 'photo'],
  ['a photo and a document', { photo: 'http://a.example/a', document: 'http://a.example/a' }, 'photo'],
  ['a button without words', { text: 'x', buttons: [{ text: {}, url: 'https://example.org' }] }, 'buttons.0.text'],
  ['a button without an address', { text: 'x', buttons: [{ text: 'Open', url: 'not an address' }] }, 'buttons'],
])('refuses %s at the call', async (_, params, field) => {
  const { bot, call } = await start()
  const { status, body } = await call('notify', { userIds: [1], ...params })
  expect([status, body.errorCode]).toEqual([200, 422])
  expect(body.errors.map((error: { field: string }) => error.field)).toContain(field)
  expect(await Notification.countDocuments({ bot: bot.record._id })).toBe(0)
})

test.each([
  ['userIds.0', { userIds: [true] }, 'must be a string of 1 to 128 characters or a whole number'],
  ['userIds.0', { userIds: [' '] }, 'must be a string of 1 to 128 characters or a whole number'],
  [
    'keys.0',
    { keys: ['12ab'] },
    'must be 1 to 32 digits, which may have spaces and dashes between them, or a whole number',
  ],
  ['text', { text: 7 }, 'must be one text, or one per language: {"en": "…", "ru": "…", "uz": "…"}'],
  ['buttons', { buttons: 'Open' }, 'must be rows of buttons or one row: [{"text": "…", "url": "https://…"}]'],
  ['dryrun', { dryrun: true }, 'there is no such parameter'],
  ['text', { text: 'a\0b' }, expect.stringContaining('U+0000')],
  ['text', { text: { en: 'x', ru: 'half \ud83d' } }, expect.stringContaining('U+0000')],
  ['buttons', { buttons: [{ text: '\0', url: 'https://example.org' }] }, expect.anything()],
])('says what is allowed in %s instead of %j', async (field, params, message) => {
  const { bot, call } = await start()
  await bot.person('1')
  const { body } = await call('notify', { userIds: [1], text: 'x', ...params })
  expect(body).toMatchObject({ success: false, errorCode: 422 })
  const objection = body.errors.find((error: { field: string }) => error.field.startsWith(field.split('.')[0] ?? ''))
  expect(objection.message).toEqual(message)
  expect(await Notification.countDocuments({ bot: bot.record._id })).toBe(0)
})

test('knows a repeat whose fields come in another order', async () => {
  const { bot, call } = await start()
  await bot.person('1')
  const key = { 'idempotency-key': 'order-43' }
  const { body } = await call('notify', { userIds: [1], text: { en: 'hi', ru: 'привет' } }, key)
  expect((await call('notify', { text: { ru: 'привет', en: 'hi' }, userIds: [1] }, key)).body).toEqual(body)
  expect((await call('notify', { text: { ru: 'hi', en: 'привет' }, userIds: [1] }, key)).body.errorCode).toBe(422)
})

test('does not say that nothing was done when the answer to a write was lost', async () => {
  const { bot, call } = await start()
  const person = await bot.person('1')
  const { collection } = Notification
  const write = collection.insertMany.bind(collection)
  collection.insertMany = async (...given) => {
    await write(...given)
    throw new mongo.MongoServerSelectionError('The store has just gone', {} as never)
  }
  try {
    expect((await call('notify', { userIds: [1], text: 'hi' })).status).toBe(500)
  } finally {
    collection.insertMany = write
  }
  // Written beside the notification, whose failure the answer did not wait out.
  await expect.poll(() => Delivery.countDocuments({ chat: person.chat })).toBe(1)
})

test('takes buttons as rows and as one row', async () => {
  const { bot, call } = await start()
  await bot.person('1')
  const button = { text: { en: 'Open', ru: 'Открыть' }, url: 'https://example.com' }
  for (const buttons of [[button], [[button]]]) {
    const { body } = await call('notify', { userIds: [1], text: 'x', buttons })
    expect((await Notification.findById(body.notificationId).orFail()).content.buttons).toEqual([[button]])
  }
})

test('tells what became of a notification, by its id and by the reference', async () => {
  const { bot, call } = await start()
  await bot.person('1')
  await bot.stopped(await bot.person('2'))
  const dispatcher = bot.dispatch()
  const { body } = await call('notify', { userIds: [1, 2], text: 'hi', reference: 'order-42' })
  await finished(body)
  await dispatcher.stop()
  const byId = (await call('notifications/status', { notificationId: body.notificationId })).body
  expect(byId).toMatchObject({ success: true, reference: 'order-42', counts: { sent: 1, stopped: 1 } })
  expect(byId.recipients).toMatchObject([
    { userId: '1', state: 'sent', attempts: 1 },
    { userId: '2', state: 'stopped', error: 'Forbidden: bot was blocked by the user' },
  ])
  expect((await call('notifications/status', { reference: 'order-42' })).body).toEqual(byId)
  const page = (await call('notifications/status', { reference: 'order-42', limit: 1 })).body
  expect(page.recipients).toHaveLength(1)
  const rest = (await call('notifications/status', { reference: 'order-42', after: page.next })).body
  expect([rest.recipients[0].userId, rest.next]).toEqual(['2', undefined])
})

test('knows no notification of another bot', async () => {
  const [one, other] = [await start(), await start()]
  await one.bot.person('1')
  const { notificationId } = (await one.call('notify', { userIds: [1], text: 'hi' })).body
  expect((await other.call('notifications/status', { notificationId })).body).toEqual({
    success: false,
    message: 'Notification not found',
  })
  expect((await one.call('notifications/status', {})).body.errorCode).toBe(422)
})
