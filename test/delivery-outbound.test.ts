import { afterAll, beforeAll, expect, test } from 'vitest'
import { openChannel } from '../channels/channels.ts'
import { RateBudget } from '../delivery/rate-budget.ts'
import { startWorld, type World } from './delivery-world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const within = (ms: number) => AbortSignal.timeout(ms)

test('repeats a reply that met a 502, since its scene must not fail', async () => {
  const bot = await world.newBot()
  const { chat } = await bot.person()
  await bot.strike({ fail_share: 1, times: 2 })
  const outbound = bot.outboundOf({ pauseBefore: () => 10 })
  expect(await outbound.reply('sendMessage', { chat_id: chat, text: 'hello' }, within(5000))).toMatchObject({
    ok: true,
  })
  expect(await bot.texts()).toEqual(['hello'])
})

test('waits for as long as a 429 says, with all replies', async () => {
  const bot = await world.newBot()
  const [one, two] = [await bot.person(), await bot.person()]
  await bot.strike({ retry_after: 1, times: 1 })
  const outbound = bot.outboundOf()
  const first = outbound.reply('sendMessage', { chat_id: one.chat, text: 'first' }, within(5000))
  await new Promise((resolve) => setTimeout(resolve, 200))
  const second = outbound.reply('sendMessage', { chat_id: two.chat, text: 'second' }, within(5000))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await bot.texts()).toEqual([])
  expect([await first, await second]).toMatchObject([{ ok: true }, { ok: true }])
})

test('repeats a reply whose answer was lost: said twice is better than a scene that fails', async () => {
  const bot = await world.newBot()
  const { chat } = await bot.person()
  await bot.strike({ lost_answer_share: 1, times: 1 })
  const answer = await bot.outboundOf().reply('sendMessage', { chat_id: chat, text: 'hello' }, within(5000))
  expect(answer).toMatchObject({ ok: true })
  expect(await bot.texts()).toEqual(['hello', 'hello'])
})

test('gives up at the deadline with what the messenger said last, and sends nothing after it', async () => {
  const bot = await world.newBot()
  const { chat } = await bot.person()
  await bot.strike({ fail_share: 1 })
  const outbound = bot.outboundOf({ pauseBefore: () => 20 })
  const signal = within(150)
  expect(await outbound.reply('sendMessage', { chat_id: chat, text: 'hello' }, signal)).toMatchObject({ ok: false })
  await bot.strike({})
  expect(await outbound.reply('sendMessage', { chat_id: chat, text: 'hello' }, signal)).toMatchObject({
    ok: false,
    error_code: 0,
    description: 'The time for this update is over: nothing is sent any more',
  })
  expect(await bot.texts()).toEqual([])
})

test('tells of a person who has blocked the bot, and answers the 403', async () => {
  const bot = await world.newBot()
  const person = await bot.person()
  await bot.stopped(person)
  const told: number[] = []
  const outbound = bot.outboundOf({ onForbidden: (chat) => void told.push(chat) })
  const answer = await outbound.reply('sendMessage', { chat_id: person.chat, text: 'hello' }, within(5000))
  expect(answer).toMatchObject({ ok: false, error_code: 403 })
  expect(told).toEqual([person.chat])
})

test('sends nothing while the lease is in doubt', async () => {
  const bot = await world.newBot()
  const { chat } = await bot.person()
  const outbound = bot.outboundOf({ mayStillSend: () => false })
  const payload = { chat_id: chat, text: 'hello' }
  expect(await outbound.reply('sendMessage', payload, within(200))).toMatchObject({ ok: false, unsent: true })
  expect(await outbound.deliver('sendMessage', payload, within(5000))).toBe('hold')
  expect(await bot.texts()).toEqual([])
})

test('lets a reply wait until the lease is sure again', async () => {
  const bot = await world.newBot()
  const { chat } = await bot.person()
  let asked = 0
  const outbound = bot.outboundOf({ mayStillSend: () => ++asked > 2 })
  expect(await outbound.reply('sendMessage', { chat_id: chat, text: 'hello' }, within(5000))).toMatchObject({
    ok: true,
  })
  expect(await bot.texts()).toEqual(['hello'])
})

test('repeats a reply until the messenger can be reached again', async () => {
  const bot = await world.newBot()
  const closed = openChannel({ ...world.server, apiRoot: 'http://127.0.0.1:9' }, bot.token)
  const enough = new AbortController()
  let refusals = 0
  const call: typeof closed.call = async (...request) => {
    const answer = await closed.call(...request)
    if (++refusals === 3) enough.abort()
    return answer
  }
  const channel = { ...closed, call }
  const outbound = bot.outboundOf({ channel, pauseBefore: () => 20 })
  const answer = await outbound.reply('sendMessage', { chat_id: 1, text: 'hello' }, enough.signal)
  // Without the address, for other systems are shown the sentence.
  expect(answer).toMatchObject({ ok: false, error_code: 0, description: 'connect ECONNREFUSED' })
  expect(refusals).toBe(3)
})

test('counts what is no message against no budget', async () => {
  const bot = await world.newBot()
  const { chat } = await bot.person()
  const limits = { botPerSecond: 1, chatPerSecond: 0.001, chatBurst: 1, groupPerMinute: 1 }
  const outbound = bot.outboundOf({ budget: new RateBudget(limits) })
  await outbound.reply('sendMessage', { chat_id: chat, text: 'hello' }, within(5000))
  expect(await outbound.reply('getChat', { chat_id: chat }, within(1000))).toMatchObject({ ok: true })
  const late = await outbound.reply('sendMessage', { chat_id: chat, text: 'again' }, within(200))
  expect(late).toMatchObject({ ok: false, error_code: 0 })
})
