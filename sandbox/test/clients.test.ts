import { Bot, GrammyError } from 'grammy'
import { Telegram } from 'telegraf'
import { expect, onTestFinished, test } from 'vitest'
import { grammyByPolling, grammyByWebhook, nodeTelegramBotApi, telegrafByLaunch } from './client-bots.ts'
import { onePixelPng, startTestSandbox } from './start.ts'

/** One bot written for each client: a deep link, a keyboard, a press, an edit, a photo there and back. */
test.each([
  ["grammY's own Bot by polling", grammyByPolling],
  ["grammY's own Bot by webhook", grammyByWebhook],
  ["Telegraf's own launch", telegrafByLaunch],
  ['node-telegram-bot-api by polling', nodeTelegramBotApi],
])('%s has a whole dialogue', async (_name, launch) => {
  const sandbox = await startTestSandbox()
  const { token } = await sandbox.bot()
  onTestFinished(await launch(sandbox.url, token))
  const chat = (await sandbox.person('Alice')).chat('shop_bot')
  await chat.start('promo')
  await chat.sees('Hello Alice promo', { within: 15_000 })
  await chat.presses('Phone')
  await chat.sees('Sure?')
  expect(await chat.presses('Yes')).toEqual({ text: 'Noted' })
  await chat.sees('Saved')
  await chat.sendsPhoto(onePixelPng)
  const { photo, caption } = await chat.sees('bytes, back to you')
  expect(caption).toBe(`${onePixelPng.length} bytes, back to you`)
  expect(photo).toMatchObject([{ width: 1 }])
  expect((await chat.messages()).filter(({ text }) => text === 'Sure?')).toEqual([])
})

test("grammY's errors carry Telegram's code and sentence", async () => {
  const sandbox = await startTestSandbox()
  const { token } = await sandbox.bot()
  const { api } = new Bot(token, { client: { apiRoot: sandbox.url } })
  const error = await api.sendMessage(5_000_000_002, 'hi').catch((refusal) => refusal)
  expect(error).toBeInstanceOf(GrammyError)
  expect(error).toMatchObject({
    error_code: 403,
    description: "Forbidden: bot can't initiate conversation with a user",
  })
})

test("Telegraf's callApi sends texts, files and commands", async () => {
  const sandbox = await startTestSandbox()
  const { token } = await sandbox.bot()
  const telegram = new Telegram(token, { apiRoot: sandbox.url })
  const alice = await sandbox.person('Alice')
  const chat = alice.chat('shop_bot')
  await chat.start()
  const chat_id = alice.person.id
  const me = await telegram.callApi('getMe', {})
  expect(me.username).toBe('shop_bot')
  await telegram.callApi('sendMessage', { chat_id, text: '<u>one</u>', parse_mode: 'HTML' })
  expect((await chat.sees('one')).entities).toEqual([{ type: 'underline', offset: 0, length: 3 }])
  await telegram.callApi('sendDocument', {
    chat_id,
    document: { source: Buffer.from('a,b'), filename: 'list.csv' },
    caption: 'Your list',
  })
  expect((await chat.sees('Your list')).document).toMatchObject({ file_name: 'list.csv', file_size: 3 })
  await telegram.callApi('setMyCommands', { commands: [{ command: 'key', description: 'My key' }] })
  expect((await chat.view()).commands).toEqual([{ command: 'key', description: 'My key' }])
  await expect(telegram.callApi('deleteMessage', { chat_id, message_id: 99 })).rejects.toMatchObject({
    code: 400,
    description: 'Bad Request: message to delete not found',
  })
})
