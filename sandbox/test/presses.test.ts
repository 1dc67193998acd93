import { expect, test } from 'vitest'
import { startTestSandbox } from './start.ts'

const keyboard = {
  inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }], [{ text: 'Site', url: 'https://example.org' }]],
}

test('a press reaches the bot, and its answer the person', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const alice = await sandbox.person('Alice')
  const chat = alice.chat('shop_bot')
  await chat.start()
  await bot.call('sendMessage', { chat_id: alice.person.id, text: 'Sure?', reply_markup: keyboard })
  await bot.call('getUpdates', { offset: -1, allowed_updates: ['callback_query'] })
  const answered = chat.presses('Yes')
  const { result } = await bot.call('getUpdates', { offset: 2, timeout: 10 })
  const query = result[0].callback_query
  expect(query).toMatchObject({ data: 'y', from: { id: alice.person.id }, message: { text: 'Sure?' } })
  await bot.call('answerCallbackQuery', { callback_query_id: query.id, text: 'Noted', show_alert: true })
  expect(await answered).toEqual({ text: 'Noted', show_alert: true })
})

test('an answer to nothing, to another bot or too long is refused', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const other = await sandbox.bot('other_bot')
  const alice = await sandbox.person('Alice')
  const started = await alice.chat('shop_bot').start()
  const chat_id = alice.person.id
  const { message_id } = (await bot.call('sendMessage', { chat_id, text: 'Sure?', reply_markup: keyboard })).result
  const path = `/people/${chat_id}/chats/${bot.id}/messages`
  const { query_id } = await sandbox.api<{ query_id: string }>('POST', `${path}/${message_id}/press`, { data: 'y' })
  const answer = (who: typeof bot, callback_query_id: string, text = '') =>
    who.call('answerCallbackQuery', { callback_query_id, text })
  const tooOld = 'Bad Request: query is too old and response timeout expired or query ID is invalid'
  expect((await answer(bot, '12345')).description).toBe(tooOld)
  expect((await answer(other, query_id)).description).toBe(tooOld)
  expect((await answer(bot, query_id, 'x'.repeat(201))).description).toBe('Bad Request: MESSAGE_TOO_LONG')
  expect((await answer(bot, query_id)).result).toBe(true)
  const press = (id: number, body: object) => sandbox.api('POST', `${path}/${id}/press`, body)
  await expect(press(message_id, { row: 1, column: 0 })).rejects.toThrow('sends nothing to the bot')
  await expect(press(started.message_id, { data: 'y' })).rejects.toThrow('no such button')
})

test('a reply keyboard is pressed by its labels and stays until it is removed', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const alice = await sandbox.person('Alice')
  const chat = alice.chat('shop_bot')
  await chat.start()
  const chat_id = alice.person.id
  const reply_markup = { keyboard: [['My key'], [{ text: 'My phone', request_contact: true }]], resize_keyboard: true }
  const { result } = await bot.call('sendMessage', { chat_id, text: 'Pick', reply_markup })
  expect(result.reply_markup).toBeUndefined()
  await chat.presses('My key')
  await chat.presses(/phone/)
  const [text, contact] = (await chat.messages()).slice(-2)
  expect(text?.text).toBe('My key')
  expect(contact?.contact).toEqual({
    phone_number: alice.person.phone.slice(1),
    first_name: 'Alice',
    last_name: 'Admin',
    user_id: chat_id,
  })
  await bot.call('sendMessage', { chat_id, text: 'Done', reply_markup: { remove_keyboard: true } })
  expect((await chat.view()).keyboard).toBeUndefined()
})
