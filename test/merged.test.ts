import { mongo } from 'mongoose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hearAgain, pause, showWaiting } from '../acts/pause.ts'
import { hold } from '../delivery/hold.ts'
import { gather, sayTogether } from '../delivery/merge.ts'
import type { Receipt } from '../delivery/notify.ts'
import { Delivery } from '../models/delivery.ts'
import { HeldDeliveries } from '../models/held-deliveries.ts'
import { Notification } from '../models/notification.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { deliveriesOf, finished, startWorld, type TestBot, until, type World } from './delivery-world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const link = [[{ text: 'Open', url: 'https://example.com' }]]

/** Somebody who has paused, and what waits for them. */
async function waiting(texts: string[], order: Parameters<TestBot['say']>[2] = {}) {
  const bot = await world.newBot()
  const person = await bot.person('1')
  await Person.updateOne({ _id: person._id }, { pausedUntil: new Date(Date.now() + 3_600_000) })
  const receipts: Receipt[] = []
  for (const text of texts) receipts.push(await bot.say([person], text, order))
  const dispatcher = bot.dispatch({ recoverEveryMs: 50 })
  await until(async () => ((await countOf(bot, person)) === texts.length ? true : undefined))
  return { bot, person, receipts, dispatcher }
}

const countOf = (bot: TestBot, { personId }: PersonRecord) => HeldDeliveries.count(bot.record._id, personId)
const heldOf = (bot: TestBot, { personId }: PersonRecord) => HeldDeliveries.latest(bot.record._id, personId, 100)

async function statesOf(receipts: Receipt[]): Promise<string[]> {
  return (await Promise.all(receipts.map(finished))).flat().map(({ state }) => state)
}

/** An id as a merge of a minute ago has made it, which nobody is busy with any more. */
const oldId = () => new mongo.ObjectId(mongo.ObjectId.generate(Math.floor(Date.now() / 1000) - 60))

test('what waited is given as one message, in order, and each ends as that one does', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['one', 'two', 'three'])
  expect(await showWaiting(bot.record, person.personId)).toEqual({ given: 3, left: 0 })
  expect(await statesOf(receipts)).toEqual(['sent', 'sent', 'sent'])
  await dispatcher.stop()
  expect(await bot.texts()).toEqual(['3 messages waited for you\n\none\n\ntwo\n\nthree'])
  expect((await deliveriesOf(receipts[0]?.notificationId ?? ''))[0]).toMatchObject({ attempts: 1 })
})

test('a second press at the same moment gives nothing twice', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['one', 'two', 'three', 'four'])
  await Promise.all(Array.from({ length: 4 }, () => showWaiting(bot.record, person.personId)))
  expect(await statesOf(receipts)).toEqual(Array(4).fill('sent'))
  await dispatcher.stop()
  const texts = (await bot.texts()).join('\n')
  for (const text of ['one', 'two', 'three', 'four']) expect(texts.split(text)).toHaveLength(2)
})

test('of many the latest twenty come, and a button for the earlier ones, until all are there', async () => {
  const texts = Array.from({ length: 45 }, (_, nth) => `number ${nth}.`)
  const { bot, person, receipts, dispatcher } = await waiting(texts)
  expect(await showWaiting(bot.record, person.personId)).toEqual({ given: 20, left: 25 })
  await until(async () => ((await bot.texts()).length > 0 ? true : undefined))
  const [first] = await bot.texts()
  expect(first).toContain('number 25.')
  expect(first).toContain('number 44.')
  expect(first).not.toContain('number 24.')
  const carrier = await Notification.findOne({ bot: bot.record._id, merges: 20 }).orFail()
  expect(JSON.stringify(carrier.content.buttons)).toContain('Show the earlier ones (25)')
  expect(await showWaiting(bot.record, person.personId)).toEqual({ given: 20, left: 5 })
  expect(await showWaiting(bot.record, person.personId)).toEqual({ given: 5, left: 0 })
  expect(await statesOf(receipts)).toEqual(Array(45).fill('sent'))
  await dispatcher.stop()
  const said = (await bot.texts()).join('\n')
  for (const text of texts) expect(said.split(text)).toHaveLength(2)
})

test('what has buttons, and what may come once only, is given singly after the rest, though the pause goes on', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['one', 'two'])
  const rich = await bot.say([person], '', { content: { text: 'rich', buttons: link } })
  const once = await bot.say([person], 'once', { once: true })
  await until(async () => ((await countOf(bot, person)) === 4 ? true : undefined))
  await showWaiting(bot.record, person.personId)
  expect(await statesOf([...receipts, rich, once])).toEqual(Array(4).fill('sent'))
  await dispatcher.stop()
  expect(await bot.texts()).toEqual(['2 messages waited for you\n\none\n\ntwo', 'rich', 'once'])
})

test('each is said in the language of the person, as the caller wrote it', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['plain < text'])
  await Person.updateOne({ _id: person._id }, { locale: 'ru' })
  const more = await bot.say([{ ...person, locale: 'ru' }], '', {
    content: { text: { en: '<i>hello</i>', ru: '<i>привет</i>' }, format: 'html' },
  })
  await until(async () => ((await countOf(bot, person)) === 2 ? true : undefined))
  await showWaiting(bot.record, person.personId)
  expect(await statesOf([...receipts, more])).toEqual(['sent', 'sent'])
  await dispatcher.stop()
  expect(await bot.texts()).toEqual(['Вас ждали 2 сообщения\n\nplain < text\n\nпривет'])
})

test('killed after they were gathered and before it was written: the next dispatcher writes it, once', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['one', 'two'])
  await dispatcher.stop()
  const id = oldId()
  await HeldDeliveries.claim(
    (await heldOf(bot, person)).map(({ _id }) => _id),
    id,
  )
  const next = bot.dispatch({ recoverEveryMs: 50 })
  expect(await statesOf(receipts)).toEqual(['sent', 'sent'])
  await sayTogether(bot.record, id)
  await next.stop()
  expect(await bot.texts()).toEqual(['2 messages waited for you\n\none\n\ntwo'])
})

test('killed while they were being gathered: what was not gathered waits on, and nothing is said half', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['one', 'two', 'three'])
  await dispatcher.stop()
  const [one, two] = await heldOf(bot, person)
  await HeldDeliveries.claim(
    [one, two].flatMap((delivery) => delivery?._id ?? []),
    oldId(),
  )
  const next = bot.dispatch({ recoverEveryMs: 50 })
  expect(await statesOf(receipts.slice(0, 2))).toEqual(['sent', 'sent'])
  expect(await countOf(bot, person)).toBe(1)
  await showWaiting(bot.record, person.personId)
  expect(await statesOf(receipts)).toEqual(['sent', 'sent', 'sent'])
  await next.stop()
  expect(await bot.texts()).toEqual(['2 messages waited for you\n\none\n\ntwo', 'three'])
})

test('killed after it was written as a notification and before its delivery: it is finished, once', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['one', 'two'])
  await dispatcher.stop()
  const id = await gather(await heldOf(bot, person))
  await sayTogether(bot.record, id)
  await Delivery.deleteMany({ notification: id })
  await Notification.updateOne({ _id: id }, { state: 'expanding', madeAt: new Date(Date.now() - 60_000) })
  const next = bot.dispatch({ recoverEveryMs: 50 })
  expect(await statesOf(receipts)).toEqual(['sent', 'sent'])
  await next.stop()
  expect(await bot.texts()).toHaveLength(1)
})

test('killed after it was sent and before the others were ended: they end as it did, and nothing is sent again', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['one', 'two'])
  await showWaiting(bot.record, person.personId)
  await statesOf(receipts)
  await dispatcher.stop()
  await Delivery.updateMany(
    { bot: bot.record._id, mergedInto: { $exists: true } },
    { $set: { state: 'queued' }, $unset: { finishedAt: 1 } },
  )
  const next = bot.dispatch({ recoverEveryMs: 50 })
  expect(await statesOf(receipts)).toEqual(['sent', 'sent'])
  await next.stop()
  expect(await bot.texts()).toHaveLength(1)
})

test('killed while it was being sent: it comes again, and each admits the possible duplicate', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['one', 'two'])
  await dispatcher.stop()
  await showWaiting(bot.record, person.personId)
  await Delivery.updateMany({ bot: bot.record._id, carrier: true }, { state: 'sending' })
  const next = bot.dispatch()
  expect(await statesOf(receipts)).toEqual(['sent', 'sent'])
  await next.stop()
  const [delivery] = await deliveriesOf(receipts[0]?.notificationId ?? '')
  expect(delivery).toMatchObject({ possibleDuplicates: 1 })
  expect(await bot.texts()).toHaveLength(1)
})

test('what the messenger refuses or nobody can hear ends the same for all: every ledger closes', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['one', 'two'])
  await bot.stopped(person)
  await showWaiting(bot.record, person.personId)
  expect(await statesOf(receipts)).toEqual(['stopped', 'stopped'])
  await dispatcher.stop()
})

test('what is cancelled for a person is cancelled with what says it', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['one', 'two'])
  await dispatcher.stop()
  await showWaiting(bot.record, person.personId)
  await Delivery.cancel(bot.record._id, person.personId)
  const next = bot.dispatch()
  expect(await statesOf(receipts)).toEqual(['cancelled', 'cancelled'])
  await next.stop()
  expect(await bot.texts()).toEqual([])
  expect(await Delivery.countDocuments({ bot: bot.record._id, state: { $ne: 'cancelled' } })).toBe(0)
})

test('what nobody asked for expires after seven days, or when its caller said', async () => {
  const { bot, person, receipts, dispatcher } = await waiting(['one'])
  const [delivery] = await deliveriesOf(receipts[0]?.notificationId ?? '')
  expect((delivery?.expiresAt?.getTime() ?? 0) - (delivery?.dueAt.getTime() ?? 0)).toBe(7 * 86_400_000)
  expect(delivery?.nextAt).toEqual(delivery?.expiresAt)
  const soon = await bot.say([person], 'soon', { expiresAt: new Date(Date.now() + 500) })
  expect(await statesOf([soon])).toEqual(['expired'])
  await dispatcher.stop()
  expect(await bot.texts()).toEqual([])
})

test('one that is held just as the pause ends goes after all', async () => {
  const bot = await world.newBot()
  const receipt = await bot.say([await bot.person('1')], 'one')
  const [delivery] = await deliveriesOf(receipt.notificationId)
  if (!delivery) throw new Error('no delivery')
  // As a dispatcher does that has read the person before they resumed.
  await hold(bot.record._id, [{ delivery, weight: 'plain', standing: { held: 'pause' } }])
  const dispatcher = bot.dispatch()
  expect(await statesOf([receipt])).toEqual(['sent'])
  await dispatcher.stop()
})

test('a pause that ends while messages come loses none of them', async () => {
  const { bot, person, dispatcher } = await waiting([])
  const all = Array.from({ length: 30 }, (_, nth) => bot.say([person], `message ${nth}.`))
  await hearAgain(bot.record, person.personId)
  const receipts = await Promise.all(all)
  await until(async () => {
    const deliveries = (await Promise.all(receipts.map(({ notificationId }) => deliveriesOf(notificationId)))).flat()
    return deliveries.every(({ state, held }) => state === 'sent' || held === 'pause') ? true : undefined
  })
  while ((await showWaiting(bot.record, person.personId)).left > 0);
  expect(await statesOf(receipts)).toEqual(Array(30).fill('sent'))
  await dispatcher.stop()
  const said = (await bot.texts()).join('\n')
  for (let nth = 0; nth < 30; nth++) expect(said.split(`message ${nth}.`)).toHaveLength(2)
})

test('holds nothing back of what is half out when its person pauses', async () => {
  const bot = await world.newBot()
  const person = await bot.person('1')
  const text = ['one', 'two', 'three'].map((word) => `${word} `.repeat(900).trim()).join('\n')
  const receipt = await bot.say([person], text)
  await Delivery.updateMany({ notification: receipt.notificationId }, { partsOut: 1, messageIds: [77] })
  await pause(bot.record, [person.personId], new Date(Date.now() + 3_600_000), { system: true })
  const dispatcher = bot.dispatch()
  expect(await statesOf([receipt])).toEqual(['sent'])
  await dispatcher.stop()
})
