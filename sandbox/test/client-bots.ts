import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Bot as GrammyBot, InputFile as GrammyFile, Keyboard, webhookCallback } from 'grammy'
import { InlineKeyboardBuilder, InputFile, Bot as NodeBot, ReplyKeyboardBuilder } from 'node-telegram-bot-api'
import { Input, Markup, Telegraf } from 'telegraf'
import { message } from 'telegraf/filters'

/** Starts a bot in the sandbox; resolves to what stops it. */
type Launch = (url: string, token: string) => Promise<() => Promise<void>>

const back = (bytes: Buffer) => `${bytes.length} bytes, back to you`

async function download(url: string | URL): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer())
}

function grammyBot(url: string, token: string): GrammyBot {
  const bot = new GrammyBot(token, { client: { apiRoot: url } })
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
    const bytes = await download(`${url}/file/bot${token}/${(await ctx.getFile()).file_path}`)
    await ctx.replyWithPhoto(new GrammyFile(bytes), { caption: back(bytes) })
  })
  return bot
}

export const grammyByPolling: Launch = async (url, token) => {
  const bot = grammyBot(url, token)
  const polling = bot.start({ drop_pending_updates: true })
  return async () => {
    await bot.stop()
    await polling
  }
}

export const grammyByWebhook: Launch = async (url, token) => {
  const bot = grammyBot(url, token)
  const secretToken = 'only-the-sandbox-knows'
  const server = createServer(webhookCallback(bot, 'http', { secretToken })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await bot.api.setWebhook(`http://127.0.0.1:${port}/`, { secret_token: secretToken })
  return async () => {
    await bot.api.deleteWebhook()
    server.closeAllConnections()
    server.close()
  }
}

export const telegrafByLaunch: Launch = async (url, token) => {
  const bot = new Telegraf(token, { telegram: { apiRoot: url } })
  bot.start((ctx) =>
    ctx.reply(`Hello ${ctx.from.first_name} ${ctx.payload}`, Markup.keyboard([Markup.button.contactRequest('Phone')])),
  )
  bot.on(message('contact'), (ctx) => ctx.reply('Sure?', Markup.inlineKeyboard([Markup.button.callback('Yes', 'yes')])))
  bot.action('yes', async (ctx) => {
    await ctx.answerCbQuery('Noted')
    await ctx.editMessageText('Saved')
  })
  bot.on(message('photo'), async (ctx) => {
    const bytes = await download(await ctx.telegram.getFileLink(ctx.message.photo.at(-1)?.file_id ?? ''))
    await ctx.replyWithPhoto(Input.fromBuffer(bytes), { caption: back(bytes) })
  })
  const polling = bot.launch({ dropPendingUpdates: true })
  return async () => {
    bot.stop()
    await polling
  }
}

export const nodeTelegramBotApi: Launch = async (url, token) => {
  const bot = new NodeBot(token, { apiRoot: url })
  bot.command('start', (ctx) =>
    ctx.reply(`Hello ${ctx.message?.from?.first_name} ${ctx.match}`, {
      reply_markup: new ReplyKeyboardBuilder().requestContact('Phone').build(),
    }),
  )
  bot.on('message', async (ctx, next) => {
    if (!ctx.message?.contact) return next()
    await ctx.reply('Sure?', { reply_markup: new InlineKeyboardBuilder().text('Yes', 'yes').build() })
  })
  bot.on('callback_query', async (ctx) => {
    await ctx.answerCallbackQuery({ text: 'Noted' })
    const { message_id, chat } = ctx.callbackQuery?.message ?? {}
    await bot.api.editMessageText({ chat_id: chat?.id ?? 0, message_id: message_id ?? 0, text: 'Saved' })
  })
  bot.on('message', async (ctx) => {
    const { photo = [], chat } = ctx.message ?? {}
    const { file_path } = await bot.api.getFile({ file_id: photo.at(-1)?.file_id ?? '' })
    const bytes = await download(`${url}/file/bot${token}/${file_path}`)
    const file = new InputFile(bytes, { filename: 'photo.png' })
    await bot.api.sendPhoto({ chat_id: chat?.id ?? 0, photo: file, caption: back(bytes) })
  })
  const polling = bot.startPolling()
  return async () => {
    bot.stop()
    await polling
  }
}
