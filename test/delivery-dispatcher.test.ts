import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiResponse } from '../channels/channel.ts'
import { openChannel } from '../channels/channels.ts'
import { RateBudget } from '../delivery/rate-budget.ts'
import { changes } from '../models/changes.ts'
import { Delivery } from '../models/delivery.ts'
import { Person } from '../models/person.ts'
import { Update } from '../models/update.ts'
import { deliveriesOf, finished, startWorld, until, type World } from './delivery-world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

test('delivers to everybody once, and writes down what was sent', async () => {
  const bot = await world.newBot()
  const persons = [await bot.person('1'), await bot.person('2')]
  const dispatcher = bot.dispatch()
  const receipt = await bot.say(persons, 'Order 42 has shipped')
  const deliveries = await finished(receipt)
  await dispatcher.stop()
  expect(receipt).toMatchObject({ queued: 2, stopped: 0 })
  expect(deliveries.map(({ state, messageIds }) => [state, messageIds.length])).toEqual([
    ['sent', 1],
    ['sent', 1],
  ])
  expect((await bot.outbox()).map(({ chat_id }) => chat_id).sort()).toEqual(persons.map(({ chat }) => chat).sort())
})

test('keeps the order in a chat while one is tried again, and does not hold up other chats', async () => {
  const bot = await world.newBot()
  const [held, free] = [await bot.person(), await bot.person()]
  await bot.say([held], 'first')
  await bot.strike({ fail_share: 1, times: 1 })
  const dispatcher = bot.dispatch({ pauseBefore: () => 200 })
  await until(async () => (await Delivery.findOne({ chat: held.chat, attempts: 1 })) ?? undefined)
  const second = await bot.say([held], 'second')
  await bot.say([free], 'elsewhere')
  await finished(second)
  await dispatcher.stop()
  expect(await bot.texts()).toEqual(['elsewhere', 'first', 'second'])
})

test('sends on after a 429, pausing all, and does not count what it refused as a try', async () => {
  const bot = await world.newBot()
  const persons = [await bot.person(), await bot.person(), await bot.person()]
  await bot.strike({ retry_after: 1, times: 1 })
  const dispatcher = bot.dispatch({ chatsAtOnce: 1 })
  const begun = Date.now()
  const deliveries = await finished(await bot.say(persons, 'hello'))
  await dispatcher.stop()
  expect(Date.now() - begun).toBeGreaterThan(950)
  expect(deliveries.map(({ state, attempts }) => [state, attempts])).toEqual(Array(3).fill(['sent', 1]))
  expect(await bot.texts()).toHaveLength(3)
})

test('marks a person who has blocked the bot, and sends them nothing more', async () => {
  const bot = await world.newBot()
  const person = await bot.person()
  await bot.stopped(person)
  const [first, second] = [await bot.say([person], 'one'), await bot.say([person], 'two')]
  const dispatcher = bot.dispatch()
  const [[one], [two]] = [await finished(first), await finished(second)]
  await dispatcher.stop()
  expect(one).toMatchObject({ state: 'stopped', error: 'Forbidden: bot was blocked by the user' })
  expect(two).toMatchObject({ state: 'stopped' })
  const known = await Person.of(bot.record._id, person.personId).orFail()
  expect(known.stopped).toBe('in-messenger')
  expect(await bot.say([known], 'three')).toMatchObject({ queued: 0, stopped: 1 })
})

test("fails with the messenger's own sentence what it refuses", async () => {
  const bot = await world.newBot()
  const stranger = { ...(await bot.person()), chat: 123 }
  const dispatcher = bot.dispatch()
  const [delivery] = await finished(await bot.say([stranger], 'hello'))
  await dispatcher.stop()
  expect(delivery).toMatchObject({ state: 'failed', error: 'Bad Request: chat not found' })
})

test('gives up after the last attempt', async () => {
  const bot = await world.newBot()
  const person = await bot.person()
  await bot.strike({ fail_share: 1 })
  const dispatcher = bot.dispatch({ attempts: 3 })
  const [delivery] = await finished(await bot.say([person], 'hello'))
  await dispatcher.stop()
  expect(delivery).toMatchObject({ state: 'dead', attempts: 3, possibleDuplicates: 2, error: 'Bad Gateway' })
})

test('sends again what may not have arrived, and counts the possible duplicate', async () => {
  const bot = await world.newBot()
  await bot.strike({ lost_answer_share: 1, times: 1 })
  const dispatcher = bot.dispatch()
  const [delivery] = await finished(await bot.say([await bot.person()], 'hello'))
  await dispatcher.stop()
  expect(delivery).toMatchObject({ state: 'sent', attempts: 2, possibleDuplicates: 1, error: null })
  expect(await bot.texts()).toEqual(['hello', 'hello'])
})

test('never sends twice what was asked for at most once', async () => {
  const bot = await world.newBot()
  await bot.strike({ lost_answer_share: 1, times: 1 })
  const dispatcher = bot.dispatch()
  const [delivery] = await finished(await bot.say([await bot.person()], 'hello', { once: true }))
  await dispatcher.stop()
  expect(delivery).toMatchObject({ state: 'unknown', possibleDuplicates: 0 })
  expect(await bot.texts()).toEqual(['hello'])
})

test('counts an answer that takes too long as lost', async () => {
  const bot = await world.newBot()
  await bot.strike({ delay_ms: 3000, times: 1 })
  const dispatcher = bot.dispatch({ answerWithinMs: 100 })
  const [delivery] = await finished(await bot.say([await bot.person()], 'hello', { once: true }))
  await dispatcher.stop()
  expect(delivery?.state).toBe('unknown')
})

test('holds everything when the token is dead', async () => {
  const bot = await world.newBot()
  let told = 0
  await bot.say([await bot.person()], 'one')
  const { notificationId } = await bot.say([await bot.person()], 'two')
  const channel = openChannel(world.server, bot.token.replace(/.{4}$/, 'dead'))
  const dispatcher = bot.dispatch({}, { channel, onUnauthorized: () => told++ })
  await until(async () => told || undefined)
  await dispatcher.stop()
  expect(await deliveriesOf(notificationId)).toMatchObject([{ state: 'queued', attempts: 0 }])
  expect(await Delivery.countDocuments({ bot: bot.record._id, state: 'queued' })).toBe(2)
})

test('sends nothing while the lease is in doubt, and goes on when it is sure again', async () => {
  const bot = await world.newBot()
  let sure = false
  const dispatcher = bot.dispatch({ holdMs: 20 }, { mayStillSend: () => sure })
  const receipt = await bot.say([await bot.person()], 'hello')
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(await deliveriesOf(receipt.notificationId)).toMatchObject([{ state: 'queued' }])
  expect(await bot.texts()).toEqual([])
  sure = true
  expect(await finished(receipt)).toMatchObject([{ state: 'sent' }])
  await dispatcher.stop()
})

test('lets what has expired expire', async () => {
  const bot = await world.newBot()
  const receipt = await bot.say([await bot.person()], 'too late', { expiresAt: new Date(Date.now() - 1) })
  const dispatcher = bot.dispatch()
  expect(await finished(receipt)).toMatchObject([{ state: 'expired' }])
  await dispatcher.stop()
  expect(await bot.texts()).toEqual([])
})

test('begins a scene once the text has arrived', async () => {
  const bot = await world.newBot()
  const person = await bot.person()
  const told = new Promise((resolve) => changes.once('inbox', resolve))
  const dispatcher = bot.dispatch()
  const then = { scene: 'rate-order@1', args: { orderId: '42' } }
  const [delivery] = await finished(await bot.say([person], 'Thanks', { content: { text: 'Thanks', then } }))
  await dispatcher.stop()
  expect(await told).toBe(String(bot.record._id))
  const record = await Update.findOne({ bot: bot.record._id, eventId: `then:${delivery?._id}` }).orFail()
  expect(record.lane).toBe(String(person.chat))
  expect(Update.payload(record)).toEqual({ enter: then, chat: person.chat, personId: person.personId })
})

test('does not send what was cancelled while it waited', async () => {
  const bot = await world.newBot()
  const person = await bot.person()
  await bot.strike({ fail_share: 1, times: 1 })
  const receipt = await bot.say([person], 'hello')
  const dispatcher = bot.dispatch({ pauseBefore: () => 300 })
  await until(async () => ((await deliveriesOf(receipt.notificationId))[0]?.attempts === 1 ? true : undefined))
  await Delivery.cancel(bot.record._id, person.personId)
  await new Promise((resolve) => setTimeout(resolve, 400))
  await dispatcher.stop()
  expect(await deliveriesOf(receipt.notificationId)).toMatchObject([{ state: 'cancelled' }])
  expect(await bot.texts()).toEqual([])
})

test('speaks with so many chats at once and no more', async () => {
  const bot = await world.newBot()
  const persons = await Promise.all(Array.from({ length: 12 }, () => bot.person()))
  const direct = openChannel(world.server, bot.token)
  let now = 0
  let most = 0
  const call: typeof direct.call = async (...request) => {
    most = Math.max(most, ++now)
    return direct.call(...request).finally(() => now--)
  }
  await bot.strike({ delay_ms: 30 })
  const dispatcher = bot.dispatch({ chatsAtOnce: 4 }, { channel: { ...direct, call } })
  await finished(await bot.say(persons, 'hello'))
  await dispatcher.stop()
  expect(most).toBe(4)
})

test('sends under the budget of the server', async () => {
  const bot = await world.newBot()
  const persons = await Promise.all(Array.from({ length: 6 }, () => bot.person()))
  const limits = { botPerSecond: 3, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
  const dispatcher = bot.dispatch({}, { budget: new RateBudget(limits) })
  const begun = Date.now()
  const receipt = await bot.say(persons, 'hello')
  await finished(receipt)
  expect(Date.now() - begun).toBeGreaterThan(950)
  await dispatcher.stop()
  expect(await bot.texts()).toHaveLength(6)
})

test('keeps to the budget when a slow messenger answers again', async () => {
  const bot = await world.newBot()
  const persons = await Promise.all(Array.from({ length: 12 }, () => bot.person()))
  const direct = openChannel(world.server, bot.token)
  const recovered = Promise.withResolvers<void>()
  const sentAt: number[] = []
  const call: typeof direct.call = async (...request) => {
    sentAt.push(performance.now())
    await recovered.promise
    return direct.call(...request)
  }
  const limits = { botPerSecond: 3, chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20 }
  const dispatcher = bot.dispatch({ chatsAtOnce: 3 }, { budget: new RateBudget(limits), channel: { ...direct, call } })
  const receipt = await bot.say(persons, 'hello')
  await until(async () => (sentAt.length === 3 ? true : undefined))
  // Time in which the rest would be granted, were it not for the slots.
  await new Promise((resolve) => setTimeout(resolve, 2500))
  recovered.resolve()
  await finished(receipt)
  await dispatcher.stop()
  const busiest = sentAt.map((at) => sentAt.filter((other) => other >= at && other < at + 1000).length)
  expect(Math.max(...busiest)).toBe(3)
})

/** A channel whose first answer is held back until it is let go. */
function held(
  direct: ReturnType<typeof openChannel>,
  first: (call: () => Promise<ApiResponse>) => Promise<ApiResponse>,
) {
  const asked = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  let calls = 0
  const call = async (...[method, payload, signal]: Parameters<typeof direct.call>): Promise<ApiResponse> => {
    if (++calls > 1) return direct.call(method, payload, signal)
    asked.resolve()
    await letGo.promise
    return first(() => direct.call(method, payload, signal))
  }
  const channel = { ...direct, call: call as typeof direct.call }
  return { channel, asked: asked.promise, letGo: letGo.resolve, calls: () => calls }
}

test('does not try again what fails after the person was disconnected', async () => {
  const bot = await world.newBot()
  const person = await bot.person('127')
  const failing = async () => ({ ok: false, error_code: 500, description: 'Internal Server Error' }) as const
  const { channel, asked, letGo, calls } = held(openChannel(world.server, bot.token), failing)
  const receipt = await bot.say([person], 'for 127')
  const dispatcher = bot.dispatch({}, { channel })
  await asked
  await Delivery.cancel(bot.record._id, person.personId)
  letGo()
  expect(await finished(receipt)).toMatchObject([{ state: 'cancelled', attempts: 1 }])
  await dispatcher.stop()
  expect(calls()).toBe(1)
})

test('sends no further part of a long text to somebody who was disconnected, but everything to who comes after', async () => {
  const bot = await world.newBot()
  const person = await bot.person('127')
  const { channel, asked, letGo } = held(openChannel(world.server, bot.token), (call) => call())
  const receipt = await bot.say([person], 'word '.repeat(2000))
  const dispatcher = bot.dispatch({}, { channel })
  await asked
  await Delivery.cancel(bot.record._id, person.personId)
  letGo()
  expect(await finished(receipt)).toMatchObject([{ state: 'cancelled', partsOut: 1 }])
  expect(await finished(await bot.say([person], 'for the next'))).toMatchObject([{ state: 'sent' }])
  await dispatcher.stop()
  expect(await bot.texts()).toHaveLength(2)
})
