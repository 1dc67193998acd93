import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { removeBot } from '../acts/bots.ts'
import { type Colony, startColony } from '../chat-test.ts'
import { Audit } from '../models/audit.ts'
import { Bot } from '../models/bot.ts'
import { Dialogue } from '../models/dialogue.ts'
import { Lease } from '../models/lease.ts'
import { Person } from '../models/person.ts'
import { Right } from '../models/right.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { callSandbox } from '../sandbox/sandbox-call.ts'

let colony: Colony
let metabot: PersonChat
let botFather: PersonChat

beforeAll(async () => {
  colony = await startColony()
  metabot = colony.admin.chat('metabot')
  botFather = colony.admin.chat('BotFather')
  await botFather.start()
})
afterAll(() => colony.close())

const sandbox = () => colony.app.sandboxUrl ?? ''
const tokenShape = /\d+:[\w-]{35}/

async function newToken(...words: string[]): Promise<string> {
  for (const word of words) await botFather.sends(word)
  const { text = '' } = await botFather.sees(tokenShape)
  return tokenShape.exec(text)?.[0] ?? ''
}

test('a bot is added by its token, which is deleted from the chat', async () => {
  const token = await newToken('/newbot', 'Shop', 'shop_bot')
  await metabot.presses('Add a bot')
  await metabot.sees('Paste the bot’s token')
  await metabot.sends(`Use this token:\n${token}`)
  expect((await metabot.sees('The messenger knows this bot')).text).toMatch(/Shop\n@shop_bot · id \d+/)
  await metabot.presses('Notifications')
  await metabot.sees('@shop_bot is added, and it runs')
  await metabot.sees('It runs.')
  const texts = (await metabot.messages()).map(({ text }) => text)
  expect(texts.join('\n')).not.toContain(token)
  const umid = colony.user.chat('shop_bot')
  await umid.start()
  await umid.sees('Assalomu alaykum')
})

test('a token that nobody asked for is deleted too, and other stray text is not understood', async () => {
  const token = await newToken('/newbot', 'Stray', 'stray_bot')
  await metabot.sends(`Done! Use this token:\n${token}`)
  await metabot.sees('Your message held a token, so I have deleted it')
  await metabot.sees('Add a bot')
  expect((await metabot.messages()).map(({ text }) => text).join('\n')).not.toContain(token)
  await metabot.sends('hello?')
  expect((await metabot.sees('This is your colony')).text).toMatch(/^I did not understand that/)
})

test('a token that cannot be used is refused with the reason, and asked for again', async () => {
  const revoked = await newToken('/newbot', 'Once', 'once_bot')
  await newToken('/revoke', '@once_bot')
  const shop = await newToken('/token', '@shop_bot')
  await metabot.sends('/start')
  await metabot.presses('Add a bot')
  await metabot.sends('not a token')
  await metabot.sees('This is no token')
  await metabot.sends(revoked)
  await metabot.sees('refuses this token')
  await metabot.sends(shop)
  await metabot.sees('added here already')
  await metabot.sends('/cancel')
  await metabot.sees('Cancelled')
})

test('the bot is switched off and on, checked and renamed', async () => {
  await openCard()
  await metabot.presses('Switch off')
  await metabot.sees('It is switched off')
  await metabot.presses('Switch on')
  await metabot.sees('It runs.')
  expect(await metabot.presses('Check')).toMatchObject({ text: 'The messenger knows it: all is well.' })
  await metabot.presses('Rename')
  await metabot.sends('Shop of wonders')
  await metabot.sees('Shop of wonders')
  await botFather.sends('/mybots')
  await botFather.sees('Shop of wonders')
})

test('the token is replaced by another one of the same bot only', async () => {
  const another = await newToken('/token', '@once_bot')
  await openCard()
  await metabot.presses('Replace the token')
  await metabot.sees('Paste the new token')
  await metabot.sends(another)
  await metabot.sees('This token belongs to @once_bot, not to @shop_bot')
  await metabot.sends(await newToken('/revoke', '@shop_bot'))
  await metabot.sees('The token is replaced')
  await metabot.sees('It runs.')
})

test('a token that dies is told to the admins with the button that mends it', async () => {
  const token = await newToken('/revoke', '@shop_bot')
  await metabot.sees('no longer takes the token of Shop of wonders')
  await metabot.presses('Replace the token')
  await metabot.sees('Paste the new token')
  await metabot.sends(token)
  await metabot.sees('The token is replaced')
  expect((await metabot.sees('It runs.')).text).not.toContain('Last error')
  const umid = colony.user.chat('shop_bot')
  await umid.sends('/help')
  await umid.sees('mana nimalarni')
})

test('an error is shown until the bot is found well', async () => {
  const { _id } = await Bot.named('sandbox', 'shop_bot').orFail()
  await Bot.note(_id, { lastError: 'the wind', lastErrorAt: new Date() })
  await openCard()
  await metabot.presses('Check')
  expect(await Bot.byId(_id)).toMatchObject({ lastError: null, lastErrorAt: null })
})

test('a messenger that does not answer is called so', async () => {
  const { botId } = await Bot.named('sandbox', 'shop_bot').orFail()
  await callSandbox(sandbox(), 'PUT', `/faults/${botId}`, { fail_share: 1, methods: ['getMe'] })
  await openCard()
  expect(await metabot.presses('Check')).toMatchObject({ text: expect.stringContaining('does not answer just now') })
  await callSandbox(sandbox(), 'DELETE', `/faults/${botId}`)
  expect(await metabot.presses('Check')).toMatchObject({ text: expect.stringContaining('all is well') })
})

test('a removed bot is gone with all it knew', async () => {
  await openCard()
  await metabot.presses('Remove')
  await metabot.sees('deleted for good')
  await metabot.presses('Remove it all')
  await metabot.sees('There is no bot here yet')
  await metabot.presses('Add a bot')
  await metabot.sends(await newToken('/token', '@shop_bot'))
  await metabot.sees('The messenger knows this bot')
  await metabot.presses('Notifications')
  await metabot.sees('Nobody has started it yet')
})

test('a removal that breaks off can be repeated by the bot’s own owner', async () => {
  const doomed = await addDoomed()
  const owner = { server: 'sandbox', personId: 4711 }
  await Right.give('sandbox', owner.personId, doomed._id, 'owner')
  vi.spyOn(Bot, 'remove').mockRejectedValueOnce(new Error('away'))
  await expect(removeBot(owner, String(doomed._id))).rejects.toThrow('away')
  await removeBot(owner, String(doomed._id))
  expect([await Bot.byId(doomed._id), await Right.countDocuments({ bot: doomed._id })]).toEqual([null, 0])
})

test('what is being answered while a bot is removed leaves nothing of it behind', async () => {
  const { _id, botId, username } = await addDoomed()
  await callSandbox(sandbox(), 'PUT', `/faults/${botId}`, { delay_ms: 500, methods: ['sendMessage'] })
  const umid = colony.user.chat(username)
  await umid.start()
  await expect.poll(() => Person.countDocuments({ bot: _id })).toBe(1)
  await removeBot({ server: 'sandbox', personId: colony.admin.person.id }, String(_id))
  await umid.sees('Assalomu alaykum')
  const dialogues = await Dialogue.countDocuments({ _id: { $regex: `^${_id}:` } })
  expect([dialogues, await Person.countDocuments({ bot: _id }), await Lease.countDocuments({ _id })]).toEqual([0, 0, 0])
})

test('a press is authorised anew: what somebody could do yesterday is refused today', async () => {
  const bot = await Bot.named('sandbox', 'shop_bot').orFail()
  const { id } = colony.user.person
  const former = colony.user.chat('metabot')
  await Right.give('sandbox', id, bot._id, 'admin')
  await former.sends('/bots')
  await former.presses(/Shop/)
  await former.sees('Ishlayapti')
  await Right.deleteMany({ personId: id })
  expect(await former.presses('Oʻchirish')).toMatchObject({ text: 'Sizda bunga huquq yoʻq. Egaga murojaat qiling.' })
  expect(await Bot.byId(bot._id)).toMatchObject({ switchedOff: false })
  await former.sends('/bots')
  await former.sees('ega sizni taklif qilgach')
})

test('each act of an admin is on record', async () => {
  const acts = await Audit.distinct('act')
  const done = ['claim.take', 'bot.add', 'bot.check', 'bot.rename', 'bot.replace-token', 'bot.remove', 'bot.switch-off']
  expect(acts).toEqual(expect.arrayContaining(done))
  expect(await Audit.findOne({ act: 'bot.add' }).lean()).toMatchObject({ actor: { personId: colony.admin.person.id } })
})

let doomed = 0

async function addDoomed() {
  const username = `doomed_${++doomed}_bot`
  await colony.addBot({ name: 'Doomed', username, kind: 'Notifications' })
  return Bot.named('sandbox', username).orFail()
}

async function openCard(): Promise<void> {
  await metabot.sends('/bots')
  await metabot.presses(/Shop/)
  await metabot.sees('@shop_bot')
}
