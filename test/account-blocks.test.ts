import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Person } from '../models/person.ts'
import { type AccountWorld, payloadOf, startAccountWorld } from './account-world.ts'
import { keyOf } from './by-chat.ts'

let world: AccountWorld
let bot: BotRecord

beforeAll(async () => {
  world = await startAccountWorld()
  bot = await Bot.named('sandbox', 'helper_bot').orFail()
})
afterEach(() => world.directory.call('DELETE /faults'))
afterAll(() => world.close())

const recordOf = (personId: number) => Person.of(bot._id, personId)

async function linkFor(userId: string): Promise<string> {
  const { url } = (await world.call('links/create', { userId })) as { url: string }
  return payloadOf(url)
}

test('a block holds until it is lifted, also over a disconnect and a link of the system', async () => {
  const { chat, userId, personId } = await world.linked('Ann')
  await world.call('users/block', { userId, reason: 'Unpaid orders' })
  await chat.sees('The reason: Unpaid orders')
  await chat.start(await linkFor(userId))
  await expect.poll(async () => (await recordOf(personId))?.blocked?.reason).toBe('Unpaid orders')
  await world.call('users/disconnect-bot', { userId })
  await chat.sees('You are disconnected')
  await world.call('users/connect-bot', { userId })
  await chat.sees('The reason: Unpaid orders')
  expect((await recordOf(personId))?.blocked?.reason).toBe('Unpaid orders')
  expect(await world.call('notify', { userIds: [userId], text: 'Nothing', critical: true })).toMatchObject({
    success: false,
  })
  await world.call('users/unblock', { userId })
  await chat.sees('is not blocked any more')
  expect((await recordOf(personId))?.blocked).toBeUndefined()
})

test('who is blocked or freed while nobody is linked finds it so on coming back', async () => {
  const { chat, userId, personId } = await world.linked('Bob')
  await world.call('users/disconnect-bot', { userId })
  await chat.sees('You are disconnected')
  expect(await world.call('users/block', { userId, reason: 'Gone bad' })).toEqual({ success: true })
  await world.call('users/connect-bot', { userId })
  await chat.sees('The reason: Gone bad')
  expect((await recordOf(personId))?.blocked).toBeTruthy()
})

test('an account that cannot be read is not linked before it was', async () => {
  const { person, userId } = await world.known('Cid')
  await world.directory.call('POST /admin/person/block', { userId })
  await world.directory.call('PUT /faults', { status: 500, calls: ['GET /user'] })
  const chat = person.chat('helper_bot')
  await chat.start(await linkFor(userId))
  await chat.sees('your connection is being finished')
  await world.directory.call('DELETE /faults')
  await chat.sees('Your account was blocked', { within: 60_000 })
  expect((await recordOf(person.person.id))?.blocked).toBeTruthy()
}, 90_000)

test('a key does not open an account that is blocked', async () => {
  const { person, userId } = await world.known('Dan')
  await world.directory.call('POST /admin/person/block', { userId })
  const chat = person.chat('helper_bot')
  const key = await keyOf(chat)
  expect(await world.call('keys/assign', { key, userId })).toMatchObject({ success: true })
  await chat.sees('Your account was blocked')
  expect((await recordOf(person.person.id))?.blocked).toBeTruthy()
})

test('whoever is connected as another user by a key leaves the first one, with the role', async () => {
  const { chat, userId, personId } = await world.linked('Eve')
  await world.call('users/update', { userId, role: 'manager' })
  await chat.sees('role')
  const other = await world.known('Other')
  const key = await keyOf(chat)
  expect(await world.call('keys/assign', { key, userId: other.userId })).toMatchObject({ success: true })
  await chat.sees(`You are connected as ${other.userId}`)
  expect((await recordOf(personId))?.role).toBe('user')
  expect(await world.call('notify', { userIds: [userId], text: 'Anybody?' })).toMatchObject({
    success: false,
    message: expect.not.stringContaining('not found'),
  })
  expect(await world.call('users/connect-bot', { userId })).toMatchObject({ message: 'User not found' })
})

test('different changes at once are all told and all known', async () => {
  const { chat, userId } = await world.linked('Fay')
  const changes = [{ phone: '998900000111' }, { email: 'fay@example.com' }, { lastname: 'Moved' }]
  await Promise.all(changes.map((change) => world.call('users/update', { userId, role: 'user', ...change })))
  const said = [await chat.sees('were changed'), await chat.sees('were changed'), await chat.sees('were changed')]
  expect(said.map(({ text }) => text).join(' ')).toMatch(/(?=.*phone)(?=.*email)(?=.*last name)/s)
  await Promise.all(changes.map((change) => world.call('users/update', { userId, role: 'user', ...change })))
  await chat.seesNothing()
})

test("after a deletion another user's link is followed", async () => {
  const { chat, userId } = await world.linked('Gus')
  const other = await world.known('Next')
  const payload = await linkFor(other.userId)
  await world.call('users/delete', { userId })
  await chat.start(payload)
  await chat.sees('Your account does not exist any more')
  await chat.sees(`You are connected as ${other.userId}`)
})

test('the system connects nobody to an account that is no more', async () => {
  const { chat, userId } = await world.linked('Hal')
  await world.call('users/disconnect-bot', { userId })
  await chat.sees('You are disconnected')
  await world.directory.call('POST /admin/person/delete', { userId })
  expect(await world.call('users/connect-bot', { userId })).toMatchObject({ message: 'User not found' })
})

test('the same pause many times at once is told once, and a blocked person hears of none', async () => {
  const { chat, userId } = await world.linked('Ida')
  await Promise.all(Array.from({ length: 20 }, () => world.call('users/pause', { userId, for: '2h' })))
  await chat.sees(/critical/i)
  await chat.seesNothing()
  await world.call('users/resume', { userId })
  await chat.sees('How can I help?')
  await world.call('users/block', { userId })
  await chat.sees('Link my account')
  await world.call('users/pause', { userId, for: '2h' })
  await chat.seesNothing()
  await world.call('users/disconnect-bot', { userId })
  await chat.sees('You are disconnected')
  expect(await world.call('users/pause', { userId, for: '2h' })).toMatchObject({
    success: false,
    message: expect.not.stringContaining('not found'),
  })
})
