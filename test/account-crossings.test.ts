import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { linkAccount, runErrand } from '../acts/link-account.ts'
import { unlinkMyself } from '../acts/my-account.ts'
import { createLogger } from '../config/logger.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Errand } from '../models/errand.ts'
import { Link } from '../models/link.ts'
import { Person } from '../models/person.ts'
import { type AccountWorld, startAccountWorld } from './account-world.ts'

const log = createLogger('silent')
const connectBot = 'POST /user/connect-bot'
const disconnectBot = 'POST /user/disconnect-bot'
const patience = { timeout: 40_000 }

let world: AccountWorld
let bot: BotRecord

beforeAll(async () => {
  world = await startAccountWorld()
  bot = await Bot.named('sandbox', 'helper_bot').orFail()
})
afterEach(() => world.directory.call('DELETE /faults'))
afterAll(() => world.close())

const userOf = async (personId: number) => (await Person.of(bot._id, personId))?.userId
const told = async (call: string) => (await world.counted())[call]?.ok ?? 0
const errandsFor = (userId: string) => Errand.countDocuments({ bot: bot._id, userId })

/** Somebody known whose bot was started. */
async function started(name: string) {
  const known = await world.known(name)
  const chat = known.person.chat('helper_bot')
  await chat.start()
  await chat.sees('Link my account')
  return { ...known, chat, personId: known.person.person.id }
}

async function linked(name: string) {
  const known = await started(name)
  await known.chat.sends('/link')
  await known.chat.presses('Share my phone number')
  await known.chat.sees(`Welcome! You are connected as ${known.userId}`)
  return known
}

/** Somebody whose link is being held back, since the answer of connect-bot was lost. */
async function held(name: string) {
  const known = await started(name)
  await world.directory.call('PUT /faults', { answer: 'lost', calls: [connectBot] })
  await known.chat.sends('/link')
  await known.chat.presses('Share my phone number')
  await known.chat.sees('your connection is being finished', { within: 40_000 })
  return known
}

test('who gives up a link that is being held back is not linked, and the directory takes it back', async () => {
  const { personId, userId } = await held('Ann')
  const before = await told(disconnectBot)
  await unlinkMyself(bot, personId)
  await world.directory.call('DELETE /faults')
  await expect.poll(() => told(disconnectBot), patience).toBe(before + 1)
  await expect.poll(() => errandsFor(userId), patience).toBe(0)
  expect(await userOf(personId)).toBeUndefined()
}, 90_000)

test('a link that is given up while the directory accepts it is not made', async () => {
  const { personId, userId } = await started('Bob')
  await world.directory.call('PUT /faults', { delay_ms: 500, calls: [connectBot] })
  const before = await told(disconnectBot)
  const linking = linkAccount(bot, log, personId, { userId, key: 'given up' })
  await expect.poll(() => errandsFor(userId)).toBe(1)
  await Errand.giveUp(bot._id, personId)
  await linking
  expect(await userOf(personId)).toBeUndefined()
  await expect.poll(() => errandsFor(userId), patience).toBe(0)
  expect(await told(disconnectBot)).toBe(before + 1)
}, 60_000)

test('a disconnection that the directory has still to hear does not undo a link made since', async () => {
  const { chat, personId, userId } = await linked('Cid')
  await world.directory.call('PUT /faults', { status: 500, calls: [disconnectBot] })
  await unlinkMyself(bot, personId)
  await chat.sees('You are disconnected')
  await chat.sends('/link')
  await chat.presses('Share my phone number')
  await chat.sees(/good to have you back/)
  const before = await told(disconnectBot)
  await world.directory.call('DELETE /faults')
  await expect.poll(() => errandsFor(userId), patience).toBe(0)
  expect(await told(disconnectBot)).toBe(before)
  expect(await userOf(personId)).toBe(userId)
}, 90_000)

test('a connection made by the system that broke off before its greeting is finished, and greets once', async () => {
  const { chat, personId, userId } = await linked('Dan')
  await world.call('users/disconnect-bot', { userId })
  await chat.sees('You are disconnected')
  const before = await told(connectBot)
  const joining = { again: true, accepted: true }
  const errand = await Errand.connect({ bot: bot._id, personId, userId, key: 'broken off', joining })
  await Link.make(bot._id, personId, userId)
  await runErrand(String(errand._id), errand.nextAt, log)
  await chat.sees(/good to have you back/)
  await runErrand(String(errand._id), errand.nextAt, log)
  expect(await world.call('users/connect-bot', { userId })).toEqual({ success: true })
  await chat.sees('How can I help?')
  await chat.seesNothing()
  expect(await told(connectBot)).toBe(before)
})

test('an account that is blocked while its link is held back is linked as blocked', async () => {
  const { chat, personId, userId } = await held('Eve')
  await world.directory.call('POST /admin/person/block', { userId })
  await world.directory.call('DELETE /faults')
  await chat.sees('blocked', { within: 40_000 })
  expect(await Person.of(bot._id, personId)).toMatchObject({ userId, blocked: expect.anything() })
}, 90_000)

test('a number that the account had a moment ago proves nothing, though the messenger vouches for it', async () => {
  const { chat, personId, userId, phone } = await started('Fay')
  await chat.sends('/link')
  await chat.sees('Who are you')
  await chat.sends(phone)
  await chat.sees('If we know it')
  await world.directory.call('PATCH /admin/person', { userId, phone: '998900000077' })
  await chat.presses('Another way')
  await chat.presses('Share my phone number')
  await chat.sees('Your number is proved, but no account has it')
  expect(await userOf(personId)).toBeUndefined()
})

test.each(['users/delete', 'users/disconnect-bot'])(
  '%s of a user whose link is being held back ends it',
  async (alias) => {
    const { chat, personId, userId } = await started('Gia')
    await chat.sends('/link')
    await chat.sees('Who are you')
    await world.directory.call('PUT /faults', { status: 500, calls: ['POST /user/connect-bot'] })
    await chat.presses('Share my phone number')
    await chat.sees('your connection is being finished')
    expect(await world.call(alias, { userId })).toEqual({ success: true })
    await chat.sees('This account does not exist any more')
    await world.directory.call('DELETE /faults')
    await chat.sends('/link')
    await chat.sees('Who are you')
    expect(await userOf(personId)).toBeUndefined()
  },
)
