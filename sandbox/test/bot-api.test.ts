import { describe, expect, test } from 'vitest'
import { startTestSandbox } from './start.ts'

describe('sending', () => {
  test('needs a chat that the person has started', async () => {
    const sandbox = await startTestSandbox()
    const bot = await sandbox.bot()
    const alice = await sandbox.person('Alice')
    const send = (chat_id: unknown) => bot.call('sendMessage', { chat_id, text: 'hi' })
    expect((await send(1)).description).toBe('Bad Request: chat not found')
    expect((await send('@alice')).description).toBe('Bad Request: chat not found')
    expect((await send(undefined)).description).toBe('Bad Request: chat_id is empty')
    expect(await send(alice.person.id)).toEqual({
      ok: false,
      error_code: 403,
      description: "Forbidden: bot can't initiate conversation with a user",
    })
    await alice.chat('shop_bot').start()
    expect((await send(String(alice.person.id))).result).toMatchObject({ text: 'hi', from: { username: 'shop_bot' } })
    await alice.chat('shop_bot').stops()
    expect((await send(alice.person.id)).description).toBe('Forbidden: bot was blocked by the user')
    await alice.chat('shop_bot').start()
    expect((await send(alice.person.id)).ok).toBe(true)
  })

  test('checks texts, markup and keyboards as Telegram does', async () => {
    const sandbox = await startTestSandbox()
    const bot = await sandbox.bot()
    const alice = await sandbox.person('Alice')
    await alice.chat('shop_bot').start()
    const refusal = async (parameters: object) =>
      (await bot.call('sendMessage', { chat_id: alice.person.id, ...parameters })).description
    expect(await refusal({ text: ' \n' })).toBe('Bad Request: message text is empty')
    expect(await refusal({ text: 'x'.repeat(4097) })).toBe('Bad Request: message is too long')
    expect(await refusal({ text: `<b>${'x'.repeat(4096)}</b>`, parse_mode: 'HTML' })).toBeUndefined()
    expect(await refusal({ text: 'a<foo>', parse_mode: 'HTML' })).toBe(
      'Bad Request: can\'t parse entities: Unsupported start tag "foo" at byte offset 1',
    )
    expect(await refusal({ text: 'a', parse_mode: 'Odd' })).toBe('Bad Request: unsupported parse_mode')
    expect(await refusal({ text: 'a', reply_parameters: { message_id: 999 } })).toBe(
      'Bad Request: message to be replied not found',
    )
    const reply_markup = { inline_keyboard: [[{ text: 'a', callback_data: 'x'.repeat(65) }]] }
    expect(await refusal({ text: 'a', reply_markup })).toBe('Bad Request: BUTTON_DATA_INVALID')
    expect(await refusal({ text: 'a', reply_markup: '{' })).toBe(
      "Bad Request: can't parse reply keyboard markup JSON object",
    )
  })

  test('keeps formatting, replies and buttons', async () => {
    const sandbox = await startTestSandbox()
    const bot = await sandbox.bot()
    const chat = (await sandbox.person('Alice')).chat('shop_bot')
    const { message_id, chat: where } = await chat.start()
    const { result } = await bot.call('sendMessage', {
      chat_id: where.id,
      text: '<b>Ready</b> /help',
      parse_mode: 'html',
      reply_parameters: { message_id },
      reply_markup: JSON.stringify({ inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] }),
    })
    expect(result.entities).toEqual([
      { type: 'bold', offset: 0, length: 5 },
      { type: 'bot_command', offset: 6, length: 5 },
    ])
    const seen = await chat.sees('Yes')
    expect(seen).toMatchObject({ ...result, outgoing: false, reply_to_message: { text: '/start' } })
  })
})

describe('the protocol', () => {
  test('takes a query, a form and JSON, and any letter case of a method', async () => {
    const sandbox = await startTestSandbox()
    const bot = await sandbox.bot()
    const { person, chat } = await sandbox.person('Alice')
    await chat('shop_bot').start()
    const base = `${sandbox.url}/bot${bot.token}`
    const query = await fetch(`${base}/SENDMESSAGE?chat_id=${person.id}&text=one`)
    const form = await fetch(`${base}/sendmessage`, {
      method: 'POST',
      body: new URLSearchParams({ chat_id: String(person.id), text: 'two' }),
    })
    const multipart = new FormData()
    multipart.set('chat_id', String(person.id))
    multipart.set('text', 'three')
    const parts = await fetch(`${base}/sendMessage`, { method: 'POST', body: multipart })
    expect([query.status, form.status, parts.status]).toEqual([200, 200, 200])
    const messages = await chat('shop_bot').messages()
    expect(messages.map(({ text }) => text)).toEqual(['/start', 'one', 'two', 'three'])
  })

  test('answers a wrong token, a dead one and an unknown method each in its way', async () => {
    const sandbox = await startTestSandbox()
    const bot = await sandbox.bot()
    const get = async (path: string): Promise<unknown> => (await fetch(sandbox.url + path)).json()
    expect(await get('/botabc/getMe')).toEqual({ ok: false, error_code: 404, description: 'Not Found' })
    const dead = `${bot.id}:${'x'.repeat(35)}`
    expect(await get(`/bot${dead}/getMe`)).toEqual({ ok: false, error_code: 401, description: 'Unauthorized' })
    expect(await get(`/bot${bot.token}/fly`)).toMatchObject({ ok: false, error_code: 404 })
    expect(await get(`/bot${bot.token}/getMe`)).toMatchObject({ ok: true, result: { id: bot.id, is_bot: true } })
    const broken = await fetch(`${sandbox.url}/bot${bot.token}/getMe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    })
    expect(broken.status).toBe(400)
  })
})

describe('changing messages', () => {
  test('edits text and keyboard, refuses what has not changed or is not there', async () => {
    const sandbox = await startTestSandbox()
    const bot = await sandbox.bot()
    const chat = (await sandbox.person('Alice')).chat('shop_bot')
    const started = await chat.start()
    const chat_id = started.chat.id
    const reply_markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] }
    const { message_id } = (await bot.call('sendMessage', { chat_id, text: 'one', reply_markup })).result
    const edit = (parameters: object) => bot.call('editMessageText', { chat_id, message_id, ...parameters })
    expect((await edit({ text: 'one', reply_markup })).description).toMatch(/^Bad Request: message is not modified/)
    expect((await edit({ text: 'two' })).result).toMatchObject({ text: 'two', edit_date: expect.any(Number) })
    expect((await chat.sees('two')).reply_markup).toBeUndefined()
    const buttons = await bot.call('editMessageReplyMarkup', { chat_id, message_id, reply_markup })
    expect(buttons.result).toMatchObject({ text: 'two', reply_markup })
    expect((await edit({ text: 'x', message_id: 99 })).description).toBe('Bad Request: message to edit not found')
    const others = await edit({ text: 'x', message_id: started.message_id })
    expect(others.description).toBe("Bad Request: message can't be edited")
  })

  test("deletes its own and the person's messages, once", async () => {
    const sandbox = await startTestSandbox()
    const bot = await sandbox.bot()
    const chat = (await sandbox.person('Alice')).chat('shop_bot')
    const { chat: where, message_id } = await chat.start()
    const remove = () => bot.call('deleteMessage', { chat_id: where.id, message_id })
    expect((await remove()).result).toBe(true)
    expect(await chat.messages()).toEqual([])
    expect((await remove()).description).toBe('Bad Request: message to delete not found')
  })
})

test('commands are kept by scope and language, and people see the ones that fit them best', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const umid = (await sandbox.person('Umid')).chat('shop_bot')
  const alice = (await sandbox.person('Alice')).chat('shop_bot')
  const set = (description: string, more = {}) =>
    bot.call('setMyCommands', { commands: [{ command: 'help', description }], ...more })
  await set('Help')
  await set('Yordam', { language_code: 'uz' })
  await set('Private', { scope: { type: 'all_private_chats' }, language_code: 'uz' })
  expect((await alice.view()).commands).toEqual([{ command: 'help', description: 'Help' }])
  expect((await umid.view()).commands).toEqual([{ command: 'help', description: 'Private' }])
  await bot.call('deleteMyCommands', { scope: { type: 'all_private_chats' }, language_code: 'uz' })
  expect((await umid.view()).commands).toEqual([{ command: 'help', description: 'Yordam' }])
  expect((await bot.call('getMyCommands', { language_code: 'uz' })).result).toEqual((await umid.view()).commands)
  const wrong = await bot.call('setMyCommands', { commands: [{ command: 'Help', description: 'x' }] })
  expect(wrong.description).toBe('Bad Request: BOT_COMMAND_INVALID')
})

test('name and description follow the language', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const umid = (await sandbox.person('Umid')).chat('shop_bot')
  await bot.call('setMyName', { name: "Do'kon", language_code: 'uz' })
  await bot.call('setMyDescription', { description: 'Sells things' })
  expect((await umid.view()).peer).toMatchObject({ first_name: "Do'kon", description: 'Sells things' })
  expect((await bot.call('getMyName')).result).toEqual({ name: 'Shop' })
  await bot.call('setMyName', { name: '', language_code: 'uz' })
  expect((await bot.call('getMyName', { language_code: 'uz' })).result).toEqual({ name: 'Shop' })
  expect((await bot.call('setMyDescription', { description: 'x'.repeat(513) })).error_code).toBe(400)
})

test('a bot knows the chats that were started, and is seen typing', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const alice = await sandbox.person('Alice')
  const chat_id = alice.person.id
  expect((await bot.call('getChat', { chat_id })).description).toBe('Bad Request: chat not found')
  await alice.chat('shop_bot').start()
  expect((await bot.call('getChat', { chat_id })).result).toMatchObject({
    id: chat_id,
    type: 'private',
    username: 'alice',
  })
  expect((await bot.call('sendChatAction', { chat_id, action: 'dance' })).error_code).toBe(400)
  await bot.call('sendChatAction', { chat_id, action: 'typing' })
  expect((await alice.chat('shop_bot').view()).typing).toBe(true)
  await bot.call('sendMessage', { chat_id, text: 'done' })
  expect((await alice.chat('shop_bot').view()).typing).toBe(false)
})
