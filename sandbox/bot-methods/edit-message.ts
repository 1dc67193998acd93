import { isDeepStrictEqual } from 'node:util'
import type { Message } from 'grammy/types'
import { limits } from '../../bot-api/limits.ts'
import type { AnyChat } from '../any-chat.ts'
import { nowInSeconds } from '../conversations.ts'
import { badRequest } from '../failures.ts'
import type { World } from '../world.ts'
import { readCaption } from './caption.ts'
import { readFormatted } from './formatted-parameter.ts'
import type { BotMethod, Call } from './method.ts'
import { readInlineMarkup } from './reply-markup.ts'
import { messageToChange } from './target-chat.ts'

export const editMessageText: BotMethod = (world, call) => {
  const { text, entities } = readFormatted(call.parameters, 'text')
  if (!text) throw badRequest('message text is empty')
  if (text.length > limits.text) throw badRequest('message is too long')
  const { chat, message } = ownMessage(world, call)
  if (message.text === undefined) throw badRequest('there is no text in the message to edit')
  const { entities: _, reply_markup, ...rest } = message
  return change(world, chat, message, withMarkup(call, { ...rest, text, ...(entities.length > 0 && { entities }) }))
}

export const editMessageCaption: BotMethod = (world, call) => {
  const given = readCaption(call.parameters)
  const { chat, message } = ownMessage(world, call)
  if (!message.photo && !message.document) throw badRequest('there is no caption in the message to edit')
  const { caption, caption_entities, reply_markup, ...rest } = message
  return change(world, chat, message, withMarkup(call, { ...rest, ...given }))
}

export const editMessageReplyMarkup: BotMethod = (world, call) => {
  const { chat, message } = ownMessage(world, call)
  const { reply_markup, ...rest } = message
  return change(world, chat, message, withMarkup(call, rest))
}

function ownMessage(world: World, { bot, parameters }: Call): { chat: AnyChat; message: Message } {
  const found = messageToChange(world, bot, parameters, 'message to edit not found')
  if (found.message.from?.id !== bot.id) throw badRequest("message can't be edited")
  return found
}

/** An edit without a keyboard takes the old one away, as in Telegram. */
function withMarkup({ parameters }: Call, message: Message): Message {
  const markup = readInlineMarkup(parameters)
  return markup ? { ...message, reply_markup: markup } : message
}

function change(world: World, chat: AnyChat, before: Message, after: Message): Message {
  if (isDeepStrictEqual(before, after))
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    )
  const edited = { ...after, edit_date: nowInSeconds() }
  world.conversations.replace(chat, before, edited)
  return edited
}
