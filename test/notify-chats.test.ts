import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Colony, startColony } from '../chat-test.ts'
import { ApiKey } from '../models/api-key.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Chat } from '../models/chat.ts'
import { Notification } from '../models/notification.ts'
import { storeTime } from '../models/store-clock.ts'
import type { PersonGroup } from '../sandbox/person-group.ts'

let colony: Colony
let shop: BotRecord
let apiKey: string
let nightShift: PersonGroup

beforeAll(async () => {
  colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  shop = await Bot.named('sandbox', 'shop_bot').orFail()
  await Bot.change(shop._id, { chatPolicy: 'enabled' })
  apiKey = (await ApiKey.make({ server: 'sandbox', name: 'ERP', bots: null, madeBy: 1 })).secret
  nightShift = await named('Night shift')
})
afterAll(() => colony.close())

/** A group of Umid's with the bot, which an admin has named as its title. */
async function named(title: string): Promise<PersonGroup> {
  const group = await colony.user.group(title, { members: ['shop_bot'] })
  await becomes(group, { title })
  await Chat.call(shop._id, group.id, title)
  return group
}

/** Waits until the bot knows this of a group. */
async function becomes(group: PersonGroup, known: object): Promise<void> {
  await vi.waitFor(async () => expect(await Chat.of(shop._id, group.id)).toMatchObject(known), { timeout: 10_000 })
}

async function call(alias: string, params: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${colony.app.url}/api/v1/bots/shop_bot/call/${alias}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'accept-language': 'en' },
    body: JSON.stringify({ script_request_params: params }),
  })
  return answer.json() as Promise<Record<string, unknown>>
}

test('a chat is reached by its name, in any letter case and once; names that no chat has are told', async () => {
  const chats = ['night SHIFT', 'Night shift', 'day shift']
  const preview = await call('notify', { chats, text: 'x', dryRun: true })
  expect(preview.recipients).toEqual([{ chat: 'Night shift', name: 'Night shift', locale: 'en', stopped: false }])
  const answer = await call('notify', { chats, text: { en: 'The lorry is here', ru: 'Машина пришла' } })
  expect(answer).toMatchObject({ success: true, queued: 1, notFound: ['day shift'] })
  await nightShift.sees('The lorry is here')
  await expect
    .poll(() => call('notifications/status', { notificationId: answer.notificationId }))
    .toMatchObject({ counts: { sent: 1 }, recipients: [{ chat: 'Night shift', state: 'sent', attempts: 1 }] })
  expect(await call('notify', { chats: ['day shift'], text: 'x' })).toMatchObject({
    success: false,
    message: 'Chat not found',
  })
})

test('an admin sends a test', async () => {
  const metabot = colony.admin.chat('metabot')
  await metabot.sends('/bots')
  await metabot.presses(/Shop/)
  await metabot.presses('Chats')
  await metabot.presses(/Night shift/)
  expect(await metabot.presses('Send a test')).toMatchObject({ text: 'Sent.' })
  await nightShift.sees('arrives here')
})

test('a scheduled notification finds the chat by its name of the day', async () => {
  const { notificationId } = await call('notify', {
    chats: ['morning'],
    text: 'Good morning',
    at: '2999-01-01T00:00:00Z',
  })
  const group = await named('Morning')
  expect((await call('notifications/list', {})).notifications).toMatchObject([{ whom: { chats: ['morning'] } }])
  const now = storeTime()
  await Notification.updateOne({ _id: notificationId }, { plan: { at: now }, nextAt: now })
  await group.sees('Good morning')
})

test('a chat that has put the bot out is left, and is no longer written to', async () => {
  const group = await named('Put out')
  await group.removes('shop_bot')
  await becomes(group, { state: 'left' })
  // As if the update had been lost: what tells of earlier days changes nothing.
  await Chat.updateOne({ bot: shop._id, chat: group.id }, { state: 'in', changedAt: new Date('2999-01-01') })
  const { notificationId } = await call('notify', { chats: ['put out'], text: 'Anybody there?' })
  await expect
    .poll(() => call('notifications/status', { notificationId }))
    .toMatchObject({ recipients: [{ state: 'stopped', error: expect.stringContaining('Forbidden') }] })
  await becomes(group, { state: 'left' })
  expect(await call('notify', { chats: ['put out'], text: 'x' })).toMatchObject({
    success: false,
    message: 'The bot is in none of these chats',
  })
})

test('what waits for a group arrives when it has become a supergroup, where the bot stays', async () => {
  const group = await named('Growing')
  await Bot.change(shop._id, { switchedOff: true, chatPolicy: 'disabled' })
  expect(await call('notify', { chats: ['growing'], text: 'Welcome upstairs' })).toMatchObject({
    queued: 1,
    held: true,
  })
  await group.migrates()
  await Bot.change(shop._id, { switchedOff: false })
  await group.sees('Welcome upstairs')
  await becomes(group, { state: 'in', name: 'Growing', type: 'supergroup' })
  expect((await group.messages()).filter(({ text }) => text === 'Welcome upstairs')).toHaveLength(1)
})
