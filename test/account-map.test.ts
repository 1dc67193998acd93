import { afterAll, beforeAll, expect, test } from 'vitest'
import { Bot } from '../models/bot.ts'
import { Notification } from '../models/notification.ts'
import { Reminder } from '../models/reminder.ts'
import { SmsCount } from '../models/sms-count.ts'
import { StartLink } from '../models/start-link.ts'
import { type AccountWorld, startAccountWorld } from './account-world.ts'

let world: AccountWorld

beforeAll(async () => {
  world = await startAccountWorld()
})
afterAll(() => world.close())

const textsWith = (text: string) => Notification.countDocuments({ 'content.text': text })

test('1. connected again: a glad greeting, how can I help, the menu, an offer of what happened meanwhile', async () => {
  const { chat, userId } = await world.linked('Ann')
  expect(await world.call('users/disconnect-bot', { userId })).toEqual({ success: true })
  await chat.sees('You are disconnected')
  await chat.sees('Link my account')
  expect(await world.call('users/connect-bot', { userId })).toEqual({ success: true })
  await chat.sees(/How good to have you back!.*How can I help\?/)
  await chat.sees('My account')
  await chat.presses('What happened meanwhile?')
  await chat.sees('You have missed nothing')
  expect(await world.call('users/connect-bot', { userId })).toEqual({ success: true })
  await chat.seesNothing()
  expect(await world.call('users/connect-bot', { userId: 'never' })).toMatchObject({
    success: false,
    message: 'User not found',
  })
})

test('2. disconnected: de-authorised, told how to come back', async () => {
  const { chat, userId } = await world.linked('Bob')
  expect(await world.call('users/disconnect-bot', { userId })).toEqual({ success: true })
  await chat.sees(/You are disconnected.*To come back, link it anew: \/link/)
  await chat.sees('Link my account')
  await chat.sends('/account')
  await chat.sees('You are not connected')
  expect(await world.call('users/disconnect-bot', { userId })).toEqual({ success: true })
  await chat.seesNothing()
})

test('5. data changed: told what, the menu follows the role', async () => {
  const { chat, userId, phone } = await world.linked('Eve')
  const same = { userId, role: 'user', firstname: 'Eve', lastname: 'Known', phone }
  expect(await world.call('users/update', same)).toEqual({ success: true })
  await chat.seesNothing()
  await world.call('users/update', { ...same, email: 'eve@example.com', lastname: 'Newname' })
  await chat.sees('Your data were changed: last name and email.')
  await world.call('users/update', { ...same, email: 'eve@example.com', lastname: 'Newname' })
  await chat.seesNothing()
  await world.call('users/update', { userId, role: 'manager' })
  await chat.sees('Your data were changed: role.')
  await chat.sees('How can I help?')
  await world.call('users/update', { userId, role: 'manager', active: false })
  await chat.sees(/^Your account was blocked\. Please ask the company\.$/)
  await chat.sees('Link my account')
  await world.call('users/update', { userId, role: 'manager', active: true })
  await chat.sees('Your account is not blocked any more.')
})

test("a change is understood in the directory's other spellings", async () => {
  const { chat, userId } = await world.linked('Pia')
  await world.call('users/update', { userId, role: 'user', name: 'Pia', surname: 'Spelled', patronymic: 'Seed' })
  await chat.sees('Your data were changed: last name and middle name.')
  const ours = { userId, role: 'user', firstname: 'Pia', lastname: 'Spelled', middlename: 'Seed' }
  expect(await world.call('users/update', { ...ours, isActive: true })).toEqual({ success: true })
  await chat.seesNothing()
  await world.call('users/update', { ...ours, isActive: false })
  await chat.sees('Your account was blocked.')
})

test.each([
  ['users/update', { role: 'user', lastName: 'x' }],
  ['users/update', { role: 'user', location: { town: 'x' } }],
  ['users/update', { role: '' }],
  ['users/update', { role: ' ' }],
  ['users/update', { role: 'user', lastname: 'x'.repeat(201) }],
  ['users/block', { reason: 'x'.repeat(1001) }],
  ['users/block', { because: 'x' }],
  ['users/pause', { for: '1h', note: 'x' }],
  ...['connect-bot', 'disconnect-bot', 'resume', 'unblock', 'delete', 'find'].map(
    (name) => [`users/${name}`, { note: 'x' }] as [string, object],
  ),
  ['links/create', { note: 'x' }],
])('%s refuses %j', async (alias, wrong) => {
  expect(await world.call(alias, { userId: 'nobody', ...wrong })).toMatchObject({ success: false, errorCode: 422 })
})

test('users/list refuses what it does not know', async () => {
  expect(await world.call('users/list', { page: 2 })).toMatchObject({ success: false, errorCode: 422 })
})

test('a reason may be as long as a letter', async () => {
  const { chat, userId } = await world.linked('Rex')
  const reason = 'Because. '.repeat(110).trim()
  expect(await world.call('users/block', { userId, reason })).toEqual({ success: true })
  await chat.sees(reason)
})

test('6. blocked: told the reason, guest menu', async () => {
  const { chat, userId } = await world.linked('Fay')
  expect(await world.call('users/block', { userId, reason: 'Unpaid <orders>' })).toEqual({ success: true })
  await chat.sees('Your account was blocked. The reason: Unpaid <orders>')
  await chat.sees('Link my account')
  await chat.sends('/account')
  await chat.sees('Your account is blocked')
  expect(await world.call('users/block', { userId })).toEqual({ success: true })
  await chat.seesNothing()
})

test("7. unblocked: told, the role's menu", async () => {
  const { chat, userId } = await world.linked('Gus')
  expect(await world.call('users/unblock', { userId })).toEqual({ success: true })
  await chat.seesNothing()
  await world.call('users/block', { userId })
  await chat.sees('Link my account')
  expect(await world.call('users/unblock', { userId })).toEqual({ success: true })
  await chat.sees('Your account is not blocked any more.')
  await chat.sees('My account')
})

test('8. deleted: not told; at the next message told that the account is gone, guest menu', async () => {
  const { chat, userId } = await world.linked('Hal')
  expect(await world.call('users/delete', { userId })).toEqual({ success: true })
  await chat.seesNothing()
  await chat.sends('/account')
  await chat.sees('Your account does not exist any more')
  await chat.sees('Link my account')
  await chat.sends('/help')
  await chat.sees('/link')
})

test('what a person changed in this chat is no news when the system tells of it', async () => {
  const { chat, userId, phone } = await world.linked('Ida')
  await chat.presses('My account')
  await chat.presses('Change my data')
  await chat.presses('last name')
  await chat.sees('What is your last name?')
  await chat.sends('Changed')
  await chat.sees('Changed.')
  await chat.sees('Ida Changed')
  await world.call('users/update', { userId, role: 'user', firstname: 'Ida', lastname: 'Changed', phone })
  await chat.seesNothing()
})

test('a person unlinks in the chat, and the directory hears it', async () => {
  const { chat, userId } = await world.linked('Jim')
  await chat.presses('My account')
  await chat.presses('Unlink')
  await chat.presses('Unlink')
  await chat.sees(/You are disconnected.*\/link/)
  await expect.poll(async () => (await person(userId)).connectedAt, { timeout: 10_000 }).toBeNull()
})

test('a person takes the own data along, and is forgotten', async () => {
  const { chat, userId, person: kim } = await world.linked('Kim')
  const other = await world.linked('Kit')
  const { id } = kim.person
  const bot = (await Bot.named('sandbox', 'helper_bot').orFail())._id
  await world.call('notify', { userIds: [userId], text: 'Order 42 has shipped to Kim' })
  await world.call('notify', { userIds: [userId, other.userId], text: 'News for all' })
  await chat.sees('News for all')
  const following = { remind: { after: '1h' as const, text: 'Well?' } }
  await Reminder.begin({ bot, entry: 'asked', chat: id, personId: id, following })
  await StartLink.open(bot, await StartLink.make(bot, userId, new Date(Date.now() + 60_000)), id)
  await SmsCount.takeOfPerson(bot, id)
  expect(await textsWith('Order 42 has shipped to Kim')).toBe(1)
  await chat.presses('My account')
  await chat.presses('Export my data')
  const { document } = await chat.sees('All that I keep of you')
  expect(document).toMatchObject({ file_name: 'my-data.json' })
  await chat.presses('Forget me')
  await chat.presses('Forget me')
  await chat.sees('You are forgotten')
  expect(await textsWith('Order 42 has shipped to Kim')).toBe(0)
  expect(await textsWith('News for all')).toBe(1)
  expect(await Reminder.countDocuments({ personId: id })).toBe(0)
  expect(await StartLink.countDocuments({ usedBy: id })).toBe(0)
  expect(await SmsCount.countDocuments({ _id: new RegExp(`:person:${id}$`) })).toBe(0)
  expect(await world.call('users/find', { userId })).toMatchObject({ success: false })
  await expect.poll(async () => (await person(userId)).connectedAt, { timeout: 10_000 }).toBeNull()
  await chat.start()
  await chat.sees('Link my account')
})

test('the system finds one user, and all of them page by page', async () => {
  const { userId } = await world.linked('Lia')
  await world.linked('Moe')
  expect(await world.call('users/find', { userId })).toMatchObject({
    success: true,
    persons: [{ userId, linked: true, name: 'Lia', role: 'user', blocked: false, stopped: false }],
  })
  const first = (await world.call('users/list', { limit: 1 })) as { persons: { userId: string }[]; next: string }
  const second = (await world.call('users/list', { limit: 1, after: first.next })) as typeof first
  expect(first.persons).toHaveLength(1)
  expect(second.persons[0]?.userId).not.toBe(first.persons[0]?.userId)
})

async function person(userId: string): Promise<{ connectedAt: string | null }> {
  const { people } = (await world.directory.call(`GET /admin/people?q=${userId}`)).body
  return people.find((one: { userId: number }) => String(one.userId) === userId)
}
