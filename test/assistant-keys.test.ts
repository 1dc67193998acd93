import { afterAll, beforeAll, expect, test } from 'vitest'
import { setSharing, setValidity } from '../acts/keys.ts'
import { type Colony, startColony } from '../chat-test.ts'
import { ApiKey } from '../models/api-key.ts'
import { Audit } from '../models/audit.ts'
import { Bot } from '../models/bot.ts'
import { Key } from '../models/key.ts'
import { Right } from '../models/right.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'

let colony: Colony

beforeAll(async () => {
  colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
})
afterAll(() => colony.close())

async function newcomer(language_code = 'en'): Promise<PersonChat> {
  const person = await colony.person({ first_name: 'Nia', language_code })
  return person.chat('shop_bot')
}

/** What another system asks of the bot. */
async function call(alias: string, params: object): Promise<Record<string, unknown>> {
  const { secret } = await ApiKey.make({ server: 'sandbox', name: 'ERP', bots: null, madeBy: 1 })
  const answer = await fetch(`${colony.app.url}/api/v1/bots/shop_bot/call/${alias}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'accept-language': 'en' },
    body: JSON.stringify({ script_request_params: params }),
  })
  return (await answer.json()) as Record<string, unknown>
}

async function keyIn(chat: PersonChat, word = 'Your key'): Promise<string> {
  return /\d{4} \d{4}/.exec((await chat.sees(word)).text ?? '')?.[0] ?? ''
}

test.each([
  ['en', 'Your key', ['my key', '"My Key".', '  MY   KEY ', '/key']],
  ['ru', 'Ваш ключ', ['мой ключ', '«Мой ключ»', 'МОЙ КЛЮЧ.']],
  ['uz', 'Kalitingiz', ['mening kalitim', '“Mening kalitim”']],
])('gives a person their key, however they ask (%s)', async (language, answer, ways) => {
  const chat = await newcomer(language)
  const keys = new Set<string>()
  for (const way of ways) {
    await chat.sends(way)
    keys.add(await keyIn(chat, answer))
  }
  expect([...keys]).toEqual([expect.stringMatching(/^[1-9]\d{3} \d{4}$/)])
})

test('gives the key by the button, with the word whom to hand it to and when it expires', async () => {
  const chat = await newcomer()
  await chat.start()
  await chat.presses('My key')
  const { text } = await chat.sees('Hand it to the specialist')
  expect(text).toMatch(/expires in (24|23) hours/)
})

test('gives nobody the key of another', async () => {
  const keys = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const chat = await newcomer()
      await chat.sends('my key')
      return keyIn(chat)
    }),
  )
  expect(new Set(keys).size).toBe(5)
})

test('renews an expired key by a button', async () => {
  const chat = await newcomer()
  await chat.sends('my key')
  const old = await keyIn(chat)
  await Key.updateMany({ boundAt: null }, { expiresAt: new Date(0) })
  await chat.sends('my key')
  await chat.sees('Your key has expired')
  await chat.presses('New key')
  const renewed = await keyIn(chat)
  expect(renewed).toMatch(/\d{4} \d{4}/)
  expect(renewed).not.toBe(old)
})

test('shows a connected person the same key again', async () => {
  const chat = await newcomer()
  await chat.sends('my key')
  const key = await keyIn(chat)
  expect(await call('keys/assign', { key, userId: 500 })).toEqual({ success: true, name: 'Nia' })
  await chat.sees('You are connected as 500')
  await chat.sends('my key')
  expect((await chat.sees('You are connected already')).text).toContain(key)
})

test('another system assigns a key once; the same again says nothing to the person', async () => {
  const chat = await newcomer()
  await chat.sends('my key')
  const key = await keyIn(chat)
  await call('keys/assign', { key, userId: '501' })
  await chat.sees('You are connected as 501')
  expect(await call('keys/assign', { key: Number(key.replace(' ', '')), userId: 501 })).toMatchObject({ success: true })
  await chat.seesNothing()
  expect(await call('keys/assign', { key, userId: 502 })).toEqual({
    success: false,
    message: 'This key has been used already.',
  })
})

test('another system moves a user only when it says so', async () => {
  const [first, second] = [await newcomer(), await newcomer()]
  await first.sends('my key')
  await call('keys/assign', { key: await keyIn(first), userId: '503' })
  await second.sends('my key')
  const key = await keyIn(second)
  expect(await call('keys/assign', { key, userId: '503' })).toEqual({
    success: false,
    message: 'The user 503 is connected to Nia already.',
  })
  expect(await call('keys/assign', { key, userId: '503', move: true })).toMatchObject({ success: true })
  await first.sees('is now connected to somebody else')
  const { keys } = (await call('keys/list', {})) as { keys: { userId: string; key: string }[] }
  expect(keys.filter(({ userId }) => userId === '503')).toMatchObject([{ key: key.replace(' ', ''), name: 'Nia' }])
})

test('another system adds a person to a user only where an admin allows it', async () => {
  const [first, second] = [await newcomer(), await newcomer()]
  await first.sends('my key')
  await call('keys/assign', { key: await keyIn(first), userId: '504' })
  await second.sends('my key')
  const wish = { key: await keyIn(second), userId: '504', add: true }
  expect(await call('keys/assign', { ...wish, move: true })).toMatchObject({
    errorCode: 422,
    errors: [{ field: 'add' }],
  })
  expect(await call('keys/assign', wish)).toEqual({
    success: false,
    message: expect.stringMatching(/^A user of this bot has one person alone/),
  })
  const { _id } = await Bot.named('sandbox', 'shop_bot').orFail()
  await setSharing({ server: 'sandbox', personId: colony.admin.person.id }, String(_id), 'on')
  expect(await call('keys/assign', wish)).toMatchObject({ success: true })
  expect(await call('notify', { userIds: [504], text: 'for both' })).toMatchObject({ queued: 2 })
  await first.sees('for both')
  await second.sees('for both')
})

test('a key is valid for as long as the admin has set, from then on', async () => {
  const metabot = colony.admin.chat('metabot')
  await metabot.sends('/bots')
  await metabot.presses(/Shop/)
  await metabot.presses('Keys')
  await metabot.sees('A key is valid for 24 hours')
  expect(await metabot.presses('8 hours')).toMatchObject({ text: 'Set: it counts for new keys.' })
  await metabot.sees('A key is valid for 8 hours')
  expect(await expiryOf(await newcomer())).toMatch(/expires in (8|7) hours/)
  await metabot.presses('3 days')
  await metabot.sees('A key is valid for 3 days')
  expect(await expiryOf(await newcomer())).toMatch(/expires in (3|2) days/)
  expect(await Audit.countDocuments({ act: 'keys.set-validity' })).toBe(2)
})

test('nobody without the right to a bot sets how long its keys are valid', async () => {
  const { _id } = await Bot.named('sandbox', 'shop_bot').orFail()
  const viewer = { server: 'sandbox', personId: 4711 }
  await Right.give('sandbox', viewer.personId, _id, 'viewer')
  await expect(setValidity(viewer, String(_id), 1)).rejects.toThrow('error.noRight')
  const owner = { server: 'sandbox', personId: colony.admin.person.id }
  await expect(setValidity(owner, String(_id), 0)).rejects.toThrow('Too small')
})

async function expiryOf(chat: PersonChat): Promise<string> {
  await chat.sends('my key')
  return (await chat.sees('Your key')).text ?? ''
}
