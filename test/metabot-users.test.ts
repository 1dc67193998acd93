import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Colony, startColony } from '../chat-test.ts'
import { plainName } from '../config/plain-name.ts'
import { Bot } from '../models/bot.ts'
import { Key } from '../models/key.ts'
import { Person, phonePrint } from '../models/person.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'

let colony: Colony
let metabot: PersonChat

beforeAll(async () => {
  colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  metabot = colony.admin.chat('metabot')
})
afterAll(() => colony.close())

/** Somebody new who has asked the bot for a key. */
async function personWithKey(first_name: string, username: string) {
  const person = await colony.person({ first_name, username, language_code: 'en' })
  const chat = person.chat('shop_bot')
  await chat.start()
  await chat.sends('my key')
  const { text = '' } = await chat.sees('Your key')
  return { chat, key: /\d{4} \d{4}/.exec(text)?.[0] ?? '' }
}

async function openUsers(): Promise<void> {
  await metabot.sends('/start')
  await metabot.sees('This is your colony')
  await metabot.presses('Bots')
  await metabot.presses(/Shop/)
  await metabot.presses('Users')
}

async function enterKey(key: string, userId: string): Promise<void> {
  await openUsers()
  await metabot.presses('Enter a key')
  await metabot.sees('Type the key')
  await metabot.sends(key)
  await metabot.sees('Type the user’s id')
  await metabot.sends(userId)
}

test('a key connects its person to a user, who is told', async () => {
  const { chat, key } = await personWithKey('Ann', 'ann_ann')
  await enterKey(key, '127')
  await metabot.sees('This is Ann (@ann_ann). Connect to the user 127?')
  await metabot.presses('Connect')
  await metabot.sees('Ann is connected as 127')
  await metabot.sees('Connected as 127')
  await chat.sees('You are connected as 127')
})

test('the user may be given first, and the person picked from the list', async () => {
  const { chat, key } = await personWithKey('Ben', 'ben_ben')
  await openUsers()
  await metabot.presses('Enter a user')
  await metabot.sends('b-128')
  await metabot.sends(key.replace(' ', ''))
  await metabot.sees('This is Ben (@ben_ben). Connect to the user b-128?')
  await metabot.presses('No')
  await metabot.sees('All stays as it was')
  await metabot.presses(/Ben/)
  await metabot.sees('Not connected')
  await metabot.presses('Connect')
  await metabot.sends(key)
  await metabot.sends('b-128')
  await metabot.sees('Connect to the user b-128?')
  await metabot.presses('Connect')
  await chat.sees('You are connected as b-128')
})

test('a used, an expired and an unknown key are told apart', async () => {
  const { key } = await personWithKey('Cid', 'cid_cid')
  const used = (await personWithKey('Dan', 'dan_dan')).key
  await enterKey(used, 'd-1')
  await metabot.sees('Connect to the user')
  await metabot.presses('Connect')
  await metabot.sees('Connected as d-1')
  const expired = await Key.findOne({ boundAt: null }).sort({ _id: -1 }).orFail()
  await expired.updateOne({ expiresAt: new Date(0) })
  await openUsers()
  await metabot.presses('Enter a key')
  await metabot.sends(used)
  await metabot.sees('used already')
  await metabot.sends(key)
  await metabot.sees('expired')
  await metabot.sends('1234')
  await metabot.sees('unknown')
})

test('a user who has a person already is moved or kept', async () => {
  const first = await personWithKey('Eve', 'eve_eve')
  const second = await personWithKey('Fay', 'fay_fay')
  await enterKey(first.key, 'e-1')
  await metabot.sees('Connect to the user')
  await metabot.presses('Connect')
  await first.chat.sees('You are connected as e-1')
  await enterKey(second.key, 'e-1')
  await metabot.sees('the user e-1 is connected to Eve')
  await metabot.presses('Keep')
  await metabot.sees('All stays as it was')
  await first.chat.seesNothing()
  await enterKey(second.key, 'e-1')
  await metabot.presses('Move')
  await metabot.sees('Fay is connected as e-1')
  await first.chat.sees('is now connected to somebody else')
  await second.chat.sees('You are connected as e-1')
})

test('a user may have several persons where the bot is set so', async () => {
  const first = await personWithKey('Jan', 'jan_jan')
  const second = await personWithKey('Kai', 'kai_kai')
  await enterKey(first.key, 'j-1')
  await metabot.sees('Connect to the user')
  await metabot.presses('Connect')
  await first.chat.sees('You are connected as j-1')
  await metabot.sends('/bots')
  await metabot.presses(/Shop/)
  await metabot.presses('Keys')
  await metabot.sees('A user has one person alone.')
  await metabot.presses('Allow several persons')
  await metabot.sees('A user may have several persons')
  await enterKey(second.key, 'j-1')
  await metabot.sees('add Kai so that all get the messages')
  await metabot.presses(/^Add$/)
  await metabot.sees('Kai is connected as j-1')
  await second.chat.sees('You are connected as j-1')
  await first.chat.seesNothing()
  await metabot.sends('/bots')
  await metabot.presses(/Shop/)
  await metabot.presses('Keys')
  await metabot.presses('One person alone')
})

test('disconnecting ends the link and the key', async () => {
  const { chat, key } = await personWithKey('Gus', 'gus_gus')
  await enterKey(key, 'g-1')
  await metabot.sees('Connect to the user')
  await metabot.presses('Connect')
  await metabot.sees('Connected as g-1')
  await metabot.presses('Disconnect')
  await metabot.sees('Disconnect Gus from the user g-1?')
  await metabot.presses('Disconnect')
  await metabot.sees('Not connected')
  await chat.sees('You are no longer connected')
  await chat.sends('my key')
  expect((await chat.sees('Your key')).text).not.toContain(key)
})

test('a person is found by name, username, user and key, and gets a test', async () => {
  const { chat, key } = await personWithKey('Hal', 'hal_9000')
  for (const search of ['hal', '@HAL_9000', key]) {
    await openUsers()
    await metabot.presses('Search')
    await metabot.sees('Whom shall I look for?')
    await metabot.sends(search)
    await metabot.sees('1 person is found')
  }
  await metabot.presses(/Hal/)
  await metabot.sees('@hal_9000')
  expect(await metabot.presses('Send a test')).toMatchObject({ text: 'Sent.' })
  await chat.sees('This is a test')
  await chat.sends('/stop')
  await chat.sees('nothing more')
  expect(await metabot.presses('Send a test')).toMatchObject({ text: expect.stringContaining('has stopped the bot') })
})

/** Types what to look for, and answers what is seen. */
async function search(words: string): Promise<string> {
  await openUsers()
  await metabot.presses('Search')
  await metabot.sees('Whom shall I look for?')
  await metabot.sends(words)
  return (await metabot.sees('found for')).text ?? ''
}

test('a person is found by the exact user and by the proven phone, typed in any way, and by neither in part', async () => {
  const { key } = await personWithKey('Ivy', 'ivy_ivy')
  await enterKey(key, 'i-77')
  await metabot.sees('Connect to the user')
  await metabot.presses('Connect')
  await metabot.sees('Ivy is connected')
  const { _id } = await Bot.named('sandbox', 'shop_bot').orFail()
  await Bot.changeSettings(_id, 'linking', { country: 'RU' })
  await Person.updateOne({ bot: _id, userId: 'i-77' }, { phonePrint: phonePrint(_id, '79187777777') })
  for (const words of ['i-77', '79187777777', '+7 (918) 777-77-77', '8 918 777 77 77']) {
    expect(await search(words)).toContain('1 person is found')
    await metabot.presses(/Ivy/)
    await metabot.sees('@ivy_ivy')
  }
  for (const words of ['i-7', '8 918 777 77 78']) expect(await search(words)).toContain('Nobody is found')
})

test('what only a name looks like is searched as one, and too many are told as such', async () => {
  const { _id } = await Bot.named('sandbox', 'shop_bot').orFail()
  const at = new Date()
  const many = Array.from({ length: 201 }, (_, nth) => ({ bot: _id, personId: -nth - 1, name: `Zed ${nth}` }))
  await Person.insertMany(
    many.map((one) => ({ ...one, chat: one.personId, locale: 'en', firstSeenAt: at, lastSeenAt: at })),
  )
  expect(await search('zed')).toContain('More than 200 people are found')
  expect(await search('zed 107')).toContain('1 person is found')
  await Person.deleteMany({ bot: _id, personId: { $lt: 0 } })
})

test('the card tells what the system says of the account, and what the person wishes', async () => {
  const { key } = await personWithKey('Joe', 'joe_joe')
  await enterKey(key, 'joe-1')
  await metabot.sees('Connect to the user')
  await metabot.presses('Connect')
  await metabot.sees('Joe is connected')
  const { _id } = await Bot.named('sandbox', 'shop_bot').orFail()
  const inTwoDays = new Date(Date.now() + 2 * 86_400_000 + 60_000)
  const quietHours = { from: '22:00', to: '07:30', timezone: 'Asia/Tashkent' }
  const account = { role: 'manager', blocked: { at: new Date(), reason: 'Unpaid <orders>' } }
  await Person.updateOne({ bot: _id, userId: 'joe-1' }, { ...account, quietHours, muted: true, pausedUntil: inTwoDays })
  await search('joe-1')
  await metabot.presses(/Joe/)
  const { text = '' } = await metabot.sees('@joe_joe')
  expect(text).toContain('Role: manager')
  expect(text).toMatch(/Blocked by your system, .*: Unpaid <orders>/)
  expect(text).toContain('Paused: the pause ends in 2 days')
  expect(text).toContain('Quiet hours: 22:00 to 07:30 (Asia/Tashkent)')
  expect(text).toContain('Has switched notifications off')
  const parting = { $unset: { userId: 1, soleUserId: 1, blocked: 1 }, formerUserId: 'joe-1', pausedUntil: new Date(0) }
  for (const [parted, words] of [
    ['deleted', 'Was connected as joe-1; that account was deleted.'],
    ['disconnected', 'Was connected as joe-1; that was disconnected.'],
  ] as const) {
    await Person.updateOne({ bot: _id, name: /^Joe/ }, { ...parting, parted })
    await search('joe_joe')
    await metabot.presses(/Joe/)
    const card = (await metabot.sees('@joe_joe')).text
    expect(card).toContain(words)
    expect(card).not.toMatch(/Role|Blocked by your|Paused/)
  }
})

test('a name that turns the direction of writing is shown without what turns it', async () => {
  const { key } = await personWithKey('\u202EnaI\u2066\n\u0007 \u200FLee', 'ian_lee')
  await enterKey(key, 'i-1')
  await metabot.sees('This is naI Lee (@ian_lee). Connect to the user i-1?')
  await metabot.sends('/cancel')
  expect([plainName('\u202E\u200E'), plainName('👩\u200D🚀 Ann\tBo')]).toEqual(['–', '👩\u200D🚀 Ann Bo'])
})

test('a long list has pages', async () => {
  for (let index = 0; index < 9; index++) await personWithKey(`Person ${index}`, `person_${index}`)
  await openUsers()
  await metabot.presses('▶')
  await metabot.sees('2 / ')
  await metabot.presses('◀')
  await metabot.sees('1 / ')
})
