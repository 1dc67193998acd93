import { expect, test } from 'vitest'
import { startTestSandbox } from './start.ts'

test('two people are there, more can be added, names and phones are unique', async () => {
  const sandbox = await startTestSandbox()
  const add = (body: object) => sandbox.api<{ id: number }>('POST', '/people', body)
  const vera = await add({ first_name: 'Vera', username: '@vera', phone: '+79250000001', language_code: 'ru' })
  expect(vera).toMatchObject({ first_name: 'Vera', username: 'vera', phone: '+79250000001', language_code: 'ru' })
  const people = await sandbox.api<{ first_name: string; language_code: string }[]>('GET', '/people')
  expect(people.map((one) => `${one.first_name} ${one.language_code}`)).toEqual(['Alice en', 'Umid uz', 'Vera ru'])
  await expect(add({ first_name: 'Eve', username: 'VERA' })).rejects.toThrow('taken')
  await expect(add({ first_name: 'Eve', phone: '+79250000001' })).rejects.toThrow('Somebody has the phone')
  await expect(add({ first_name: ' ' })).rejects.toThrow('first_name')
  await expect(add({ first_name: 'Eve', phone: '925' })).rejects.toThrow('phone')
})

test('a chat is listed with its last message and what is unread', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const other = await sandbox.bot('other_bot')
  const { person, chat } = await sandbox.person('Alice')
  await chat('shop_bot').start()
  await chat('other_bot').start()
  for (const text of ['one', 'two']) await bot.call('sendMessage', { chat_id: person.id, text })
  const list = () =>
    sandbox.api<{ peer: { id: number }; unread: number; last: object }[]>('GET', `/people/${person.id}/chats`)
  expect(await list()).toMatchObject([
    { peer: { id: bot.id, username: 'shop_bot' }, unread: 2, last: { text: 'two', outgoing: false }, stopped: false },
    { peer: { id: other.id }, unread: 0, last: { text: '/start', outgoing: true } },
  ])
  await sandbox.api('POST', `/people/${person.id}/chats/${bot.id}/read`)
  expect((await list())[0]?.unread).toBe(0)
  const newer = await sandbox.api<{ messages: object[] }>('GET', `/people/${person.id}/chats/${bot.id}?after=2`)
  expect(newer.messages).toMatchObject([{ text: 'two' }])
})

test('a stopped bot hears of it, and nothing more until it is started again', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const chat = (await sandbox.person('Alice')).chat('shop_bot')
  await chat.start()
  await chat.stops()
  await expect(chat.sends('hello?')).rejects.toThrow('start it again')
  await chat.start('again')
  const kinds = (await bot.call('getUpdates')).result.map((update: object) => Object.keys(update)[1])
  expect(kinds).toEqual(['message', 'my_chat_member', 'my_chat_member', 'message'])
  await expect(chat.start('not allowed!')).rejects.toThrow('payload')
})

test('a person replies, edits, deletes, and shares what is not their own', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const chat = (await sandbox.person('Alice')).chat('shop_bot')
  const first = await chat.start()
  const { message_id } = await chat.sends('helo', { replyTo: first.message_id })
  expect(await chat.edits(message_id, 'hello')).toMatchObject({ text: 'hello', reply_to_message: { text: '/start' } })
  await chat.sendsContact({ phone_number: '+100', first_name: 'Eve' })
  await chat.sendsSticker('🦜')
  const updates = (await bot.call('getUpdates')).result
  expect(updates[2].edited_message).toMatchObject({ text: 'hello', edit_date: expect.any(Number) })
  expect(updates[3].message.contact).toEqual({ phone_number: '+100', first_name: 'Eve' })
  expect(updates[4].message.sticker).toMatchObject({ emoji: '🦜', type: 'regular' })
  await chat.deletes(message_id)
  expect(
    (await chat.messages()).map((message) => message.text ?? message.contact?.first_name ?? message.sticker?.emoji),
  ).toEqual(['/start', 'Eve', '🦜'])
  await expect(chat.edits(message_id, 'x')).rejects.toThrow('no message')
})

test('the outbox names every message a bot sent, as it was sent', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const { chat, person } = await sandbox.person('Alice')
  await chat('shop_bot').start()
  const chat_id = person.id
  for (const text of ['one', 'two', 'three']) await bot.call('sendMessage', { chat_id, text })
  await bot.call('editMessageText', { chat_id, message_id: 2, text: 'ONE' })
  await bot.call('deleteMessage', { chat_id, message_id: 3 })
  const outbox = (after = 0) =>
    sandbox.api<{ seq: number; text: string }[]>('GET', `/bots/${bot.id}/outbox?after=${after}`)
  const all = await outbox()
  expect(all.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  expect(await outbox(all[1]?.seq)).toMatchObject([{ message_id: 4, chat_id, text: 'three' }])
})

test('events tell a person of their own chats, and end when the sandbox closes', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const alice = await sandbox.person('Alice')
  const umid = await sandbox.person('Umid')
  await alice.chat('shop_bot').start()
  await umid.chat('shop_bot').start()
  const response = await fetch(`${sandbox.url}/api/events?person=${alice.person.id}`)
  const sends = (chat_id: number, text: string) => bot.call('sendMessage', { chat_id, text })
  await sends(umid.person.id, 'not for Alice')
  const { message_id } = (await sends(alice.person.id, 'for Alice')).result
  await bot.call('sendChatAction', { chat_id: alice.person.id, action: 'typing' })
  await bot.call('deleteMessage', { chat_id: alice.person.id, message_id })
  await sandbox.bot('new_bot')
  await sandbox.close()
  const text = await response.text()
  expect(text.match(/^event: .*$/gm)).toEqual(['event: message', 'event: typing', 'event: deleted', 'event: bots'])
  expect(text).toContain(`data: {"person":${alice.person.id},"peer":${bot.id},"ids":[${message_id}]}`)
})

test('a chat that does not show what was awaited says what it shows', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const alice = await sandbox.person('Alice')
  const chat = alice.chat('shop_bot')
  await chat.start()
  const reply_markup = { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] }
  await bot.call('sendMessage', { chat_id: alice.person.id, text: 'Sure?', reply_markup })
  await expect(chat.seesNothing({ for: 50 })).rejects.toThrow('saw message 2')
  await expect(chat.sees('Hello', { within: 50 })).rejects.toThrow(
    /saw nothing new that holds Hello[\s\S]*> \/start\n {2}< Sure\?\n {6}\[Yes\]/,
  )
  await expect(chat.presses('No', { within: 50 })).rejects.toThrow('found no button No')
  expect((await chat.sees('Yes')).text).toBe('Sure?')
  await chat.seesNothing({ for: 50 })
  await expect(sandbox.person('Nobody')).rejects.toThrow('The sandbox has no Nobody, only Alice, Umid')
})

test("another site's page cannot act for people, and the page itself may load nothing foreign", async () => {
  const sandbox = await startTestSandbox()
  const foreign = await fetch(`${sandbox.url}/api/people`, { headers: { 'sec-fetch-site': 'cross-site' } })
  expect(foreign.status).toBe(400)
  const library = await fetch(`${sandbox.url}/vendor/lit-html/lit-html.js`)
  expect(library.status).toBe(200)
  expect(library.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'/)
})
