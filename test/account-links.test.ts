import { afterAll, beforeAll, expect, test } from 'vitest'
import { Bot } from '../models/bot.ts'
import { Person } from '../models/person.ts'
import { type AccountWorld, codeIn, payloadOf, startAccountWorld } from './account-world.ts'

let world: AccountWorld

beforeAll(async () => {
  world = await startAccountWorld()
})
afterAll(() => world.close())

async function userOf(personId: number): Promise<string | undefined> {
  const bot = await Bot.named('sandbox', 'helper_bot').orFail()
  return (await Person.of(bot._id, personId))?.userId ?? undefined
}
const connects = async () => (await world.counted())['POST /user/connect-bot']?.ok ?? 0

test('a shared contact finds and proves the account at once, without an SMS', async () => {
  const { person, userId } = await world.known('Ann')
  const chat = person.chat('helper_bot')
  await chat.start()
  await chat.presses('Link my account')
  await chat.sees('Who are you in the company')
  const before = await world.counted()
  await chat.presses('Share my phone number')
  await chat.sees('Thank you, I am connecting you.')
  await chat.sees(`Welcome! You are connected as ${userId}`)
  const after = await world.counted()
  await chat.presses('My account')
  await chat.sees('Ann Known')
  expect(await person.sms()).toEqual([])
  const calls = Object.keys(after)
    .flatMap((name) => Object.values(after[name] ?? {}))
    .reduce((a, b) => a + b, 0)
  const were = Object.keys(before)
    .flatMap((name) => Object.values(before[name] ?? {}))
    .reduce((a, b) => a + b, 0)
  expect(calls - were).toBe(3)
  expect(await userOf(person.person.id)).toBe(userId)
})

test("an ID is proved by the code that comes to the account's number, and the code serves once", async () => {
  const { person, userId } = await world.known('Bob')
  const chat = person.chat('helper_bot')
  await chat.sends('/link')
  await chat.sees('Who are you')
  await chat.sends(userId)
  await chat.sees('If we know it, a code of six digits is on its way')
  const { text } = await person.phone.receives(/is your code for Helper/)
  await chat.sends('no idea')
  await chat.sees('The code has six digits')
  await chat.sends(codeIn(text).replace(/./g, (digit) => String((Number(digit) + 1) % 10)))
  await chat.sees('You have 4 tries left')
  await chat.sends(codeIn(text))
  await chat.sees(`You are connected as ${userId}`)
  expect(await person.sms()).toHaveLength(1)
})

test('whom nobody knows hears the same words, and nobody gets an SMS', async () => {
  const { person, userId } = await world.known('Cid')
  const stranger = await world.colony.person({ first_name: 'Stranger', language_code: 'en' })
  const [known, unknown] = [person.chat('helper_bot'), stranger.chat('helper_bot')]
  for (const [chat, id] of [
    [known, userId],
    [unknown, '999999'],
  ] as const) {
    await chat.sends('/link')
    await chat.sees('Who are you')
    await chat.sends(id)
  }
  const [one, other] = [await known.sees('If we know it'), await unknown.sees('If we know it')]
  expect(other.text).toBe(one.text)
  await person.phone.receives(/code/)
  await unknown.sends('123456')
  await unknown.sees('This is not the code')
  expect(await stranger.sms()).toEqual([])
})

test('whoever begins again at once may still type the code that was sent', async () => {
  const { person, userId } = await world.known('Cleo')
  const stranger = await world.colony.person({ first_name: 'Nobody', language_code: 'en' })
  const [known, unknown] = [person.chat('helper_bot'), stranger.chat('helper_bot')]
  const asks = async (chat: typeof known, id: string) => {
    await chat.sends('/link')
    await chat.sees('Who are you')
    await chat.sends(id)
  }
  const words: string[] = []
  for (const [chat, id] of [
    [known, userId],
    [unknown, '999998'],
  ] as const) {
    await asks(chat, id)
    await chat.sees('If we know it')
    await chat.sends('/cancel')
    await asks(chat, id)
    words.push(((await chat.sees('A new code can be sent')).text ?? '').replace(/\d+/g, 'some'))
  }
  expect(words[0]).toContain('you can type it here')
  expect(words[1]).toBe(words[0])
  await unknown.sends('123456')
  await unknown.sees('You have 4 tries left')
  await known.sends(codeIn((await person.phone.receives(/is your code/)).text))
  await known.sees(`You are connected as ${userId}`)
  expect(await person.sms()).toHaveLength(1)
})

test('whoever asks for somebody else at once is told to wait, and of no code that could be typed', async () => {
  const [{ person, userId }, other] = [await world.known('Cora'), await world.known('Curt')]
  const chat = person.chat('helper_bot')
  for (const id of [userId, other.userId]) {
    await chat.sends('/link')
    await chat.sees('Who are you')
    await chat.sends(id)
    await chat.sees(id === userId ? 'If we know it' : /^A new code can be sent [^.]*\.$/)
    if (id === userId) await chat.sends('/cancel')
  }
  expect(await other.person.sms()).toEqual([])
})

test("somebody else's contact, and a forwarded one, is refused with the reason", async () => {
  const { person } = await world.known('Dan')
  const chat = person.chat('helper_bot')
  await chat.sends('/link')
  await chat.sees('Who are you')
  await chat.sendsContact({ phone_number: '+998901112233', first_name: 'Somebody' })
  await chat.sees("This is somebody else's contact")
  await chat.sendsSticker()
  await chat.sees('Please answer with a text, or share your own contact')
})

test('what several accounts have is asked for by the ID', async () => {
  const person = await world.colony.person({ first_name: 'Eve', language_code: 'en' })
  const chat = person.chat('helper_bot')
  await chat.sends('/link')
  await chat.sees('Who are you')
  await chat.sends('family@example.com')
  await chat.sees('Several accounts have this. What is your ID?')
  await chat.sends('130')
  await chat.sees('If we know it')
})

test('an account that is inactive is told of after the proof alone', async () => {
  const { person, userId, phone } = await world.known('Fay')
  await world.directory.call('POST /admin/person/block', { userId, reason: 'Unpaid' })
  const chat = person.chat('helper_bot')
  await chat.sends('/link')
  await chat.sees('Who are you')
  await chat.sends(phone)
  await chat.sees('If we know it')
  const { text } = await person.phone.receives(/code/)
  await chat.sends(codeIn(text))
  await chat.sees('this account is blocked')
  expect(await userOf(person.person.id)).toBeUndefined()
})

test('a link is used once, by whoever opens it first, and the picture holds it', async () => {
  const { person, userId } = await world.known('Gus')
  const answer = (await world.call('links/create', { userId })) as { success: boolean; url: string; qr: string }
  expect(answer).toMatchObject({ success: true, qr: expect.stringMatching(/^data:image\/png;base64,/) })
  const payload = payloadOf(answer.url)
  const chat = person.chat('helper_bot')
  await chat.start(payload)
  await chat.sees(`Welcome! You are connected as ${userId}`)
  await chat.start(payload)
  await chat.sees('This link has been used already')
  const other = await world.colony.person({ first_name: 'Hal', language_code: 'en' })
  await other.chat('helper_bot').start(payload)
  await other.chat('helper_bot').sees('This link has been used already')
  expect(await userOf(other.person.id)).toBeUndefined()
})

test('until the directory accepts it the link is held back, and then the greeting comes', async () => {
  const { person, userId } = await world.known('Ida')
  const chat = person.chat('helper_bot')
  await chat.sends('/link')
  await chat.sees('Who are you')
  const before = await connects()
  await world.directory.call('PUT /faults', { status: 500, calls: ['POST /user/connect-bot'] })
  await chat.presses('Share my phone number')
  await chat.sees('your connection is being finished')
  expect(await userOf(person.person.id)).toBeUndefined()
  await chat.sends('/link')
  await chat.sees('your connection is being finished')
  await world.directory.call('DELETE /faults')
  await chat.sees(`Welcome! You are connected as ${userId}`, { within: 30_000 })
  expect(await connects()).toBe(before + 1)
})
