import { Bot, GrammyError, InputFile, Keyboard } from 'grammy'
import { Telegram } from 'telegraf'
import { expect, onTestFinished, test } from 'vitest'
import { onePixelPng, startTestSandbox } from './start.ts'

test("grammY's own Bot polls, answers, edits and downloads", async () => {
  const sandbox = await startTestSandbox()
  const { token } = await sandbox.bot()
  const bot = new Bot(token, { client: { apiRoot: sandbox.url } })
  bot.command('start', (ctx) =>
    ctx.reply(`Hello ${ctx.from?.first_name} ${ctx.match}`, { reply_markup: new Keyboard().requestContact('Phone') }),
  )
  bot.on(':contact', (ctx) =>
    ctx.reply('Sure?', { reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }]] } }),
  )
  bot.callbackQuery('yes', async (ctx) => {
    await ctx.answerCallbackQuery('Noted')
    await ctx.editMessageText('Saved')
  })
  bot.on(':photo', async (ctx) => {
    const { file_path } = await ctx.getFile()
    const bytes = Buffer.from(await (await fetch(`${sandbox.url}/file/bot${token}/${file_path}`)).arrayBuffer())
    await ctx.replyWithPhoto(new InputFile(bytes), { caption: 'Back to you' })
  })
  const polling = bot.start({ drop_pending_updates: true })
  onTestFinished(async () => {
    await bot.stop()
    await polling
  })
  const chat = (await sandbox.person('Alice')).chat('shop_bot')
  await chat.start('promo')
  await chat.sees('Hello Alice promo')
  await chat.presses('Phone')
  await chat.sees('Sure?')
  expect(await chat.presses('Yes')).toEqual({ text: 'Noted' })
  await chat.sees('Saved')
  await chat.sendsPhoto(onePixelPng)
  expect((await chat.sees('Back to you')).photo).toMatchObject([{ width: 1 }])
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
