import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Colony, startColony } from '../chat-test.ts'
import { Audit } from '../models/audit.ts'
import { Bot } from '../models/bot.ts'
import { changes } from '../models/changes.ts'
import { Chat, type ChatPolicy } from '../models/chat.ts'
import { Notification } from '../models/notification.ts'
import { Right } from '../models/right.ts'
import { Update } from '../models/update.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import type { PersonGroup } from '../sandbox/person-group.ts'
import { callSandbox } from '../sandbox/sandbox-call.ts'

let colony: Colony
let metabot: PersonChat

beforeAll(async () => {
  colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  metabot = colony.admin.chat('metabot')
})
beforeEach(() => policy('disabled'))
afterAll(() => colony.close())

const shop = () => Bot.named('sandbox', 'shop_bot').orFail()

async function policy(chatPolicy: ChatPolicy): Promise<void> {
  await Bot.change((await shop())._id, { chatPolicy })
}

async function recordOf({ id }: PersonGroup) {
  return Chat.of((await shop())._id, id).orFail()
}

/** Waits until the bot knows this of a group. */
async function becomes(group: PersonGroup, known: object): Promise<void> {
  await vi.waitFor(async () => expect(await recordOf(group)).toMatchObject(known), { timeout: 10_000 })
}

async function allHeard(): Promise<void> {
  const { _id } = await shop()
  await expect.poll(() => Update.waiting(_id), { timeout: 10_000 }).toBe(0)
}

/** Puts an update into the bot's inbox, as its messenger would. */
async function receives(update: object, eventId: string, chat: number): Promise<void> {
  const { _id } = await shop()
  await Update.store(_id, [{ eventId, lane: String(chat), payload: { update: update as never } }])
  changes.emit('inbox', String(_id))
  await allHeard()
}

test('a bot that nobody allowed says so in the adder’s language, leaves, and its admins are told by whom and where', async () => {
  const group = await colony.user.group('Tungi smena')
  await group.adds('shop_bot')
  await group.sees('Adminlarim ruxsat bermagan chatlarda boʻla olmayman')
  await group.sees('Shop left the group')
  const told = await metabot.sees('Umid User (@umid) added Shop (@shop_bot) to the chat “Tungi smena”')
  expect(told.text).toContain('Nobody had allowed that')
  await metabot.presses('Allow in this chat')
  await metabot.sees('whoever adds it again brings it back')
  await group.adds('shop_bot')
  await group.sends('/help@shop_bot')
  await group.sees('nimalarni qila olaman')
  await becomes(group, { state: 'in', allowed: true, addedBy: { name: 'Umid User (@umid)' } })
})

test('an admin allows a bot by any of its names, in any letter case', async () => {
  const { botId } = await shop()
  for (const name of [botId, 'SHOP_bot', '@Shop_Bot', 'https://t.me/shop_bot', 'tg://resolve?domain=Shop_bot']) {
    await metabot.sends('/start')
    await metabot.presses('Allow a bot in chats')
    await metabot.sees('Which bot shall be allowed in chats?')
    await metabot.sends(name)
    await metabot.sees('(@shop_bot) may not be added to chats')
  }
  await metabot.presses('Enable')
  await metabot.sees('(@shop_bot) may be added to any chat')
  const group = await colony.user.group('Open', { members: ['shop_bot'] })
  await group.sends('/help@shop_bot')
  await group.sees('nimalarni qila olaman')
  expect(await Audit.distinct('act')).toEqual(expect.arrayContaining(['chats.allow', 'chats.set-policy']))
})

test('an unknown bot and somebody else’s get the same answer', async () => {
  const other = await colony.addBot({ name: 'Other', username: 'other_bot', kind: 'Notifications' })
  await Right.give('sandbox', colony.user.person.id, (await shop())._id, 'admin')
  const umid = colony.user.chat('metabot')
  await umid.start()
  await umid.presses('Botga chatlarda ruxsat berish')
  await umid.sees('Qaysi botga')
  const answers = []
  for (const name of ['other_bot', 'nobody_bot', 'metabot', other]) {
    await umid.sends(name)
    answers.push((await umid.sees('bundayi yoʻq')).text)
  }
  expect(new Set(answers).size).toBe(1)
  await umid.sends('@shop_bot')
  await umid.sees('(@shop_bot)')
})

test('what the messenger itself forbids is told with the remedy, and that it shows a bot little', async () => {
  const father = colony.admin.chat('BotFather')
  await metabot.sends('/bots')
  await metabot.presses(/Shop/)
  await metabot.presses('Chats')
  await metabot.presses('Allow in chats')
  await metabot.presses('Enable')
  await metabot.sees('/setprivacy, @shop_bot, Disable')
  for (const word of ['/setjoingroups', '@shop_bot', 'Disable']) await father.sends(word)
  await metabot.presses('Ask me each time')
  await metabot.sees('/setjoingroups, @shop_bot, Enable')
  for (const word of ['/setjoingroups', '@shop_bot', 'Enable']) await father.sends(word)
})

test('a bot that asks keeps silent until an admin allows it, or makes it leave', async () => {
  await policy('ask')
  const group = await colony.user.group('Asking', { members: ['shop_bot'] })
  await metabot.sees('added Shop (@shop_bot) to the chat “Asking”. It keeps silent there until you allow it')
  await group.sends('/help@shop_bot')
  await allHeard()
  await group.seesNothing()
  await metabot.presses('Allow in this chat')
  await metabot.sees('The bot is in it')
  await group.sends('/help@shop_bot')
  await group.sees('nimalarni qila olaman')
  const second = await colony.user.group('Refused', { members: ['shop_bot'] })
  await metabot.sees('to the chat “Refused”')
  await metabot.presses('Leave')
  await second.sees('Shop left the group')
  await metabot.sees('The bot is not in it')
})

test('the card shows the chats of a bot, which is called what an admin likes, and leaves when an admin says so', async () => {
  await policy('enabled')
  const group = await colony.user.group('Warehouse', { members: ['shop_bot'] })
  await group.renames('Warehouse 2')
  await becomes(group, { title: 'Warehouse 2' })
  await openChat('Warehouse 2')
  const { text } = await metabot.sees('Added by Umid User (@umid)')
  expect(text).toMatch(/^Warehouse 2\nA group\.\n🟢 The bot is in it; it was added /)
  await metabot.presses('Name it')
  await metabot.sends('Night shift')
  await metabot.sees('Name for notifications: Night shift')
  const other = await colony.user.group('Office', { members: ['shop_bot'] })
  await becomes(other, { state: 'in' })
  await openChat('Office')
  await metabot.presses('Name it')
  await metabot.sends('NIGHT SHIFT')
  await metabot.sees('Another chat of this bot has this name')
  await metabot.sends('/cancel')
  await openChat('Warehouse 2')
  await metabot.presses('Leave')
  await metabot.sees('Leave “Warehouse 2”?')
  await metabot.presses('Leave')
  await group.sees('Shop left the group')
  await other.removes('shop_bot')
  await becomes(group, { state: 'left' })
  await becomes(other, { state: 'left' })
})

test('a chat stays what it is to a bot when it becomes a supergroup', async () => {
  await policy('ask')
  const group = await colony.user.group('Growing', { members: ['shop_bot'] })
  await metabot.sees('to the chat “Growing”')
  const old = group.id
  await group.migrates()
  await becomes(group, { state: 'waiting', formerly: old })
  // By the button that names its old id.
  await metabot.presses('Allow in this chat')
  await metabot.sees('The bot is in it')
  await becomes(group, { state: 'in', allowed: true, type: 'supergroup' })
  expect(await Chat.countDocuments({ chat: old })).toBe(0)
  await group.sends('/help@shop_bot')
  await group.sees('nimalarni qila olaman')
  await metabot.seesNothing()
})

test('an arrival that is told of twice, or breaks off, is seen to once; what comes too late changes nothing', async () => {
  const { _id, botId, name } = await shop()
  const { _id: metabotId } = await Bot.named('sandbox', 'metabot').orFail()
  await callSandbox(colony.app.sandboxUrl ?? '', 'PUT', `/faults/${botId}`, {
    fail_share: 1,
    times: 2,
    methods: ['leaveChat'],
  })
  const group = await colony.user.group('Twice', { members: ['shop_bot'] })
  await group.sees('Shop left the group')
  await metabot.sees('to the chat “Twice”')
  await becomes(group, { state: 'left', steps: [] })
  const told = await Notification.countDocuments({ bot: metabotId })
  const record = await recordOf(group)
  const change = (old: string, now: string, date: Date) => ({
    update_id: 1,
    my_chat_member: {
      chat: { id: group.id, type: 'group', title: 'Twice' },
      from: { id: colony.user.person.id, is_bot: false, first_name: 'Umid' },
      date: date.getTime() / 1000,
      old_chat_member: { status: old, user: { id: Number(botId), is_bot: true, first_name: name } },
      new_chat_member: { status: now, user: { id: Number(botId), is_bot: true, first_name: name } },
    },
  })
  await Update.deleteOne({ bot: _id, eventId: record.arrival })
  await receives(change('left', 'member', record.changedAt), record.arrival, group.id)
  await receives(change('left', 'member', new Date(0)), 'late', group.id)
  expect(await Notification.countDocuments({ bot: metabotId })).toBe(told)
  expect(await recordOf(group)).toMatchObject({ state: 'left', steps: [] })
  const words = (await group.messages()).filter(({ text }) => text?.startsWith('Adminlarim ruxsat'))
  expect(words).toHaveLength(1)
})

test('a bot that finds itself where nobody let it in, asks or leaves as if it had just been added', async () => {
  await policy('enabled')
  const group = await colony.user.group('Forgotten', { members: ['shop_bot'] })
  await becomes(group, { state: 'in' })
  const { _id } = await shop()
  await Chat.deleteMany({ bot: _id, chat: group.id })
  await policy('ask')
  await group.sends('/help@shop_bot')
  await metabot.sees('Shop (@shop_bot) found itself in the chat “Forgotten”. It keeps silent there')
  await policy('disabled')
  await Chat.deleteMany({ bot: _id, chat: group.id })
  await group.sends('/help@shop_bot')
  await group.sees('Shop left the group')
  await metabot.sees('found itself in the chat “Forgotten”. Nobody had allowed that')
})

test('Metabot comes where one of its admins takes it, and nowhere else', async () => {
  const stranger = await colony.person({ first_name: 'Vera', language_code: 'en' })
  const group = await stranger.group('Strange', { members: ['metabot'] })
  await group.sees('I may not be in chats that my admins have not allowed')
  await group.sees('Metabot left the group')
  await metabot.sees('Vera added Metabot (@metabot) to the chat “Strange”')
})

async function openChat(title: string): Promise<void> {
  await metabot.sends('/bots')
  await metabot.presses(/Shop/)
  await metabot.presses('Chats')
  await metabot.presses(new RegExp(title))
}
