import { afterAll, beforeAll, expect, test } from 'vitest'
import { notify, resumeExpanding } from '../delivery/notify.ts'
import { Delivery } from '../models/delivery.ts'
import { Notification } from '../models/notification.ts'
import { deliveriesOf, finished, startWorld, until, type World } from './delivery-world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

test('takes up what a crash left as being sent, in order, and counts the possible duplicate', async () => {
  const bot = await world.newBot()
  const person = await bot.person()
  const left = await bot.say([person], 'left')
  const later = await bot.say([person], 'later')
  await Delivery.updateMany({ notification: left.notificationId }, { state: 'sending' })
  const dispatcher = bot.dispatch()
  await finished(later)
  await dispatcher.stop()
  expect(await deliveriesOf(left.notificationId)).toMatchObject([{ state: 'sent', possibleDuplicates: 1 }])
  expect(await bot.texts()).toEqual(['left', 'later'])
})

test('does not know what became of a send that a crash broke off when it was at most once', async () => {
  const bot = await world.newBot()
  const left = await bot.say([await bot.person()], 'left', { once: true })
  await Delivery.updateMany({ notification: left.notificationId }, { state: 'sending' })
  const dispatcher = bot.dispatch()
  expect(await finished(left)).toMatchObject([{ state: 'unknown' }])
  await dispatcher.stop()
  expect(await bot.texts()).toEqual([])
})

test('goes on with the next part of a long text', async () => {
  const bot = await world.newBot()
  const text = ['one', 'two', 'three'].map((word) => `${word} `.repeat(900).trim()).join('\n')
  const receipt = await bot.say([await bot.person()], text)
  await Delivery.updateMany({ notification: receipt.notificationId }, { partsOut: 1, messageIds: [77] })
  const dispatcher = bot.dispatch()
  const [delivery] = await finished(receipt)
  await dispatcher.stop()
  expect(delivery?.messageIds).toHaveLength(delivery?.partsOut ?? 0)
  const texts = await bot.texts()
  expect(texts).toHaveLength((delivery?.partsOut ?? 0) - 1)
  expect(texts.every((part) => !part.startsWith('one one'))).toBe(true)
})

test('keeps the date of the next try over a restart, and the order of its chat', async () => {
  const bot = await world.newBot()
  const person = await bot.person()
  await bot.strike({ fail_share: 1, times: 1 })
  const first = await bot.say([person], 'first')
  const before = bot.dispatch({ pauseBefore: () => 700 })
  await until(async () => ((await deliveriesOf(first.notificationId))[0]?.attempts === 1 ? true : undefined))
  await before.stop()
  const second = await bot.say([person], 'second')
  const after = bot.dispatch()
  await finished(second)
  await after.stop()
  expect(await bot.texts()).toEqual(['first', 'second'])
})

test('leaves nothing marked as being sent when it is stopped in the middle', async () => {
  const bot = await world.newBot()
  const persons = await Promise.all(Array.from({ length: 20 }, () => bot.person()))
  await bot.strike({ delay_ms: 150 })
  const receipt = await bot.say(persons, 'hello')
  const dispatcher = bot.dispatch({ chatsAtOnce: 5 })
  await until(async () =>
    (await Delivery.countDocuments({ bot: bot.record._id, state: 'sending' })) > 0 ? true : undefined,
  )
  await dispatcher.stop()
  const states = Object.groupBy(await deliveriesOf(receipt.notificationId), ({ state }) => state)
  expect(states.sending).toBeUndefined()
  expect(states.sent?.length).toBe((await bot.texts()).length)
  await bot.strike({})
  const next = bot.dispatch()
  await finished(receipt)
  await next.stop()
  expect(await bot.texts()).toHaveLength(20)
})

test('expands after a crash what was not fully written', async () => {
  const bot = await world.newBot()
  const first = await bot.person()
  const persons = [first, await bot.person(), await bot.person()]
  const { notificationId } = await bot.say(persons, 'hello')
  await Notification.updateOne({ _id: notificationId }, { state: 'expanding' })
  await Delivery.deleteMany({ notification: notificationId, chat: { $ne: first.chat } })
  await resumeExpanding(bot.record)
  expect((await deliveriesOf(notificationId)).map(({ chat }) => chat).sort()).toEqual(
    persons.map(({ chat }) => chat).sort(),
  )
  expect((await Notification.findById(notificationId).orFail()).state).toBe('queued')
})

test('writes thousands of deliveries and shares the writes of concurrent calls', async () => {
  const bot = await world.newBot()
  const person = await bot.person()
  const crowd = Array.from({ length: 2500 }, (_, n) => ({ ...person, chat: n + 1, personId: n + 1 }))
  const order = { content: { text: 'hi' }, madeBy: { system: true } as const }
  const receipts = await Promise.all([
    notify(bot.record, { ...order, persons: crowd }),
    ...Array.from({ length: 50 }, () => notify(bot.record, { ...order, persons: [person] })),
  ])
  expect(receipts.map((receipt) => receipt !== 'taken' && receipt.queued)).toEqual([2500, ...Array(50).fill(1)])
  expect(await Delivery.countDocuments({ bot: bot.record._id })).toBe(2550)
  expect(await Notification.countDocuments({ bot: bot.record._id, state: 'queued' })).toBe(51)
})

test('waits for a notification that is still being written, and gives up one that never came', async () => {
  const bot = await world.newBot()
  const [half, orphan] = [await bot.say([await bot.person()], 'half'), await bot.say([await bot.person()], 'orphan')]
  const notification = await Notification.findByIdAndDelete(half.notificationId).lean().orFail()
  await Notification.deleteOne({ _id: orphan.notificationId })
  await Delivery.updateOne({ notification: orphan.notificationId }, { dueAt: new Date(Date.now() - 120_000) })
  const whole = await bot.say([await bot.person()], 'whole')
  // A batch of one: what waits must not stand in the way of what comes after it.
  const dispatcher = bot.dispatch({ batch: 1 })
  expect(await finished(whole)).toMatchObject([{ state: 'sent' }])
  expect(await finished(orphan)).toMatchObject([{ state: 'cancelled' }])
  expect(await deliveriesOf(half.notificationId)).toMatchObject([{ state: 'queued' }])
  await Notification.collection.insertOne(notification as never)
  expect(await finished(half)).toMatchObject([{ state: 'sent' }])
  await dispatcher.stop()
  expect(await bot.texts()).toEqual(['whole', 'half'])
})

test('takes up an interrupted notification while the bot runs, but none that is still being written', async () => {
  const bot = await world.newBot()
  const [person, young] = [await bot.person(), await bot.person()]
  const dispatcher = bot.dispatch({ recoverEveryMs: 50 })
  const expanding = async (to: typeof person, madeAt: Date) => {
    const audience = { userIds: [], persons: [to.personId] }
    const record = { bot: bot.record._id, state: 'expanding' as const, content: { text: 'hello' }, audience }
    return String((await Notification.create({ ...record, dueAt: madeAt, madeAt, madeBy: { system: true } }))._id)
  }
  const fresh = await expanding(young, new Date())
  const left = await expanding(person, new Date(Date.now() - 60_000))
  await until(async () => ((await deliveriesOf(left))[0]?.state === 'sent' ? true : undefined))
  await dispatcher.stop()
  expect((await Notification.findById(left).orFail()).state).toBe('queued')
  expect(await deliveriesOf(fresh)).toEqual([])
})

test('lets a former holder finish nothing that somebody else sends by now', async () => {
  const bot = await world.newBot()
  const { notificationId } = await bot.say([await bot.person()], 'hello')
  const id = (await deliveriesOf(notificationId))[0]?._id
  if (!id) throw new Error('no delivery')
  const former = await Delivery.markSending([id])
  expect((await Delivery.markSending([id])).marked.size).toBe(0)
  await Delivery.recover([id])
  const present = await Delivery.markSending([id])
  expect(present.marked.has(String(id))).toBe(true)
  await Delivery.acknowledge([{ id, marking: former.marking, fields: { state: 'failed' } }])
  expect(await deliveriesOf(notificationId)).toMatchObject([{ state: 'sending' }])
  await Delivery.acknowledge([{ id, marking: present.marking, fields: { state: 'sent' } }])
  expect(await deliveriesOf(notificationId)).toMatchObject([{ state: 'sent' }])
})
