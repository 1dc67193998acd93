import { afterAll, beforeAll, expect, test } from 'vitest'
import { notifyUser } from '../delivery/notify.ts'
import { Bot } from '../models/bot.ts'
import { encode } from '../models/callback-data.ts'
import { Chat } from '../models/chat.ts'
import { Dialogue } from '../models/dialogue.ts'
import { Link } from '../models/link.ts'
import { Person } from '../models/person.ts'
import { Update } from '../models/update.ts'
import { defineScene } from '../rookery.ts'
import type { PersonGroup } from '../sandbox/person-group.ts'
import { form, type Probe, said, startProbe } from './probe.ts'

const rate = defineScene('rate@1', async (talk) => {
  const stars = await talk.choose(said, ['one', 'two'], { text: 'Stars?' })
  await talk.say(said, { text: `stars=${stars}` })
})

let probe: Probe
beforeAll(async () => {
  probe = await startProbe({ form, rate })
  const { _id } = await Bot.named('sandbox', 'probe_bot').orFail()
  await Bot.change(_id, { chatPolicy: 'enabled' })
})
afterAll(() => probe.colony.close())

const bot = () => Bot.named('sandbox', 'probe_bot').orFail()
const someone = { first_name: 'Olga', language_code: 'en' }

/** A group of Alice's with Olga, who is new, and the bot; both see it. With `hearsAll` the bot is an administrator. */
async function newGroup(title: string, { hearsAll = false } = {}): Promise<{ alice: PersonGroup; olga: PersonGroup }> {
  const person = await probe.colony.person(someone)
  const alice = await probe.colony.admin.group(title, { members: [person, 'probe_bot'] })
  if (hearsAll) await alice.promotes('probe_bot')
  return { alice, olga: await person.inGroup(title) }
}

/** A page with a private button, as one that was shown before there were groups. */
async function pageOfOld(title: string): Promise<void> {
  const { chat: chat_id } = await Chat.findOne({ title }).orFail()
  const language = { text: 'Language', callback_data: await encode({ menu: 'language', args: [] }, 64) }
  const answer = await fetch(`${probe.colony.app.sandboxUrl}/bot${Bot.token(await bot())}/sendMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat_id, text: 'An old page', reply_markup: { inline_keyboard: [[language]] } }),
  })
  expect(answer.status).toBe(200)
}

async function allHeard(): Promise<void> {
  const { _id } = await bot()
  await expect.poll(() => Update.waiting(_id), { timeout: 10_000 }).toBe(0)
}

test('members fill in their forms side by side, by replies, which a bot with privacy hears', async () => {
  const { alice, olga } = await newGroup('Side by side')
  await alice.sends('/form')
  const forAlice = await alice.sees('Name?')
  await olga.sends('/form@probe_bot')
  await olga.sees('Name?')
  const forOlga = await olga.sees('Name?')
  expect([forAlice.reply_to_message?.text, forOlga.reply_to_message?.text]).toEqual(['/form', '/form@probe_bot'])
  await olga.sends('Olga', { replyTo: forOlga.message_id })
  await alice.sends('Ann', { replyTo: forAlice.message_id })
  for (const answer of ['1', 'Rome']) {
    const asked = await alice.sees(/(Phone|City)\?/)
    const own = asked.reply_to_message?.from?.first_name === 'Alice' ? asked : await alice.sees(/(Phone|City)\?/)
    await alice.sends(answer, { replyTo: own.message_id })
  }
  await alice.sees('name=Ann phone=1 city=Rome')
  await probe.chat.sends('/cancel')
  await probe.chat.sees('There is nothing to cancel')
})

test('what another member says, and what is said to another, is no answer', async () => {
  const { alice, olga } = await newGroup('Aside', { hearsAll: true })
  await alice.sends('/form')
  await alice.sees('Name?')
  await olga.sends('hello everybody')
  const hello = await alice.sees('hello everybody')
  await alice.sends('hello Olga', { replyTo: hello.message_id })
  await alice.sendsSticker()
  await alice.adds('metabot')
  await allHeard()
  await alice.seesNothing()
  await alice.sends('Ann')
  await alice.sees('Phone?')
})

test('commands for other bots and words that nobody addressed to it, a bot leaves alone', async () => {
  const { alice } = await newGroup('Others', { hearsAll: true })
  await alice.sends('/form')
  await alice.sees('Name?')
  for (const text of ['/form@other_bot', '/start@other_bot', '/nonsense']) await alice.sends(text)
  await allHeard()
  await alice.seesNothing()
  await alice.sends('Ann')
  await alice.sees('Phone?')
  await alice.sends('/cancel')
  await alice.sees('Cancelled')
  for (const text of ['what now?', '/cancel', 'key']) await alice.sends(text)
  await allHeard()
  await alice.seesNothing()
  await alice.sends('/nonsense@probe_bot')
  await alice.sees('I do not know this command')
  await alice.sends('/help')
  await alice.sees('this is what I can do')
})

test('a button is for the one who was asked; others hear so politely, and nothing of theirs changes', async () => {
  const { alice, olga } = await newGroup('Buttons')
  await alice.sends('/rate')
  await alice.sees('Stars?')
  expect(await olga.presses('two')).toMatchObject({ text: expect.stringContaining('for somebody else') })
  await olga.sends('/form')
  const asked = await olga.sees('Name?')
  expect(await olga.presses('two')).toMatchObject({ text: expect.stringContaining('for somebody else') })
  await alice.sends('/form')
  await alice.sees(/Leave it and go to/)
  expect(await olga.presses('Leave')).toMatchObject({ text: expect.stringContaining('for somebody else') })
  await olga.sends('Olga', { replyTo: asked.message_id })
  await olga.sees('Phone?')
  await alice.presses('two')
  await alice.sees('stars=two')
})

test('who is met in a group keeps the private chat, to which notifications go; a stranger is not on record', async () => {
  const { alice, olga } = await newGroup('Where')
  const record = await bot()
  const { _id } = record
  const { id } = probe.colony.admin.person
  await Link.make(_id, id, 'a-1')
  const before = await Person.of(_id, id)
  await alice.sends('/rate@probe_bot')
  await alice.sees('Stars?')
  await olga.sends('/rate@probe_bot')
  await olga.sees('Stars?')
  await allHeard()
  expect(await Person.of(_id, id)).toEqual(before)
  expect(await Person.countDocuments({ bot: _id, name: 'Olga' })).toBe(0)
  await notifyUser(record, 'a-1', { text: 'for you alone' })
  await probe.chat.sees('for you alone')
})

test('a group is offered no command that opens in private only', async () => {
  const { alice } = await newGroup('Offered')
  const offered = (view: { commands: { command: string }[] }) => view.commands.map(({ command }) => command)
  expect(offered(await alice.view())).toEqual(['start', 'help', 'form', 'rate', 'cancel'])
  expect(offered(await probe.chat.view())).toEqual(['start', 'help', 'language', 'stop', 'form', 'rate', 'cancel'])
})

test('what is private leads to the private chat', async () => {
  const { alice } = await newGroup('Private')
  await alice.sends('/stop@probe_bot')
  const invitation = await alice.sees('write to me in our own chat, @probe_bot')
  expect(invitation.reply_markup).toMatchObject({ inline_keyboard: [[{ url: 'https://t.me/probe_bot' }]] })
  await alice.sends('/help@probe_bot')
  const { text } = await alice.sees('this is what I can do')
  expect(text).not.toMatch(/\/(stop|language)/)
  await alice.presses('Back')
  await alice.sees('Help')
  expect((await alice.messages()).at(-1)?.reply_markup).toMatchObject({ inline_keyboard: [[{ text: 'Help' }]] })
  await pageOfOld('Private')
  expect(await alice.presses('Language')).toMatchObject({ text: expect.stringContaining('our own chat, @probe_bot') })
  await alice.adds('metabot')
  await alice.sends('/start@metabot')
  await alice.sees('write to me in our own chat, @metabot')
  await alice.sends('/bots@metabot')
  await alice.sees('write to me in our own chat, @metabot')
})

test('only in private a /start takes back a /stop', async () => {
  const { alice } = await newGroup('Start')
  await probe.chat.sends('/stop')
  await probe.chat.sees('I will send you nothing more')
  await alice.sends('/start@probe_bot')
  await alice.sees('I am Probe')
  const { _id } = await bot()
  expect(await Person.of(_id, probe.colony.admin.person.id)).toMatchObject({ stopped: 'by-command' })
  await probe.chat.sends('/start')
  await probe.chat.sees('I am Probe')
})

test('a dialogue goes on when its group becomes a supergroup', async () => {
  const { alice } = await newGroup('Growing', { hearsAll: true })
  await alice.sends('/form')
  await alice.sees('Name?')
  const old = alice.id
  await alice.migrates()
  await alice.sends('Ann')
  await alice.sees('Phone?')
  const { _id } = await bot()
  const dialogues = (chat: number) => Dialogue.countDocuments({ _id: { $regex: `^${_id}:${chat}:` } })
  await expect.poll(async () => [await dialogues(old), await dialogues(alice.id)]).toEqual([0, 1])
})
