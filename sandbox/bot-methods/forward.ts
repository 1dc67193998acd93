import type { Message, MessageId, MessageOrigin } from 'grammy/types'
import { placeOf } from '../any-chat.ts'
import { badRequest } from '../failures.ts'
import { serviceText } from '../service-text.ts'
import type { World } from '../world.ts'
import { readCaption } from './caption.ts'
import type { BotMethod, Call } from './method.ts'
import { putBotMessage, putMessage } from './put-message.ts'
import { chatToRead, chatToWrite } from './target-chat.ts'

export const forwardMessage: BotMethod = (world, call): Message => {
  const chat = chatToWrite(world, call.bot, call.parameters)
  const original = originalOf(world, call, 'forward')
  if (serviceText(original)) throw badRequest("the message can't be forwarded")
  const content = { ...contentOf(original), forward_origin: originOf(original) }
  return putBotMessage(world, call.bot, chat, { content, markup: {} })
}

/** The content alone, as if the bot had written it; of a keyboard only the one given with the call. */
export const copyMessage: BotMethod = (world, call): MessageId => {
  const chat = chatToWrite(world, call.bot, call.parameters)
  const original = originalOf(world, call, 'copy')
  if (serviceText(original)) throw badRequest("the message can't be copied")
  const { caption, caption_entities, ...content } = contentOf(original)
  const kept = { ...(caption && { caption }), ...(caption_entities && { caption_entities }) }
  const given = content.text === undefined && call.parameters.isGiven('caption')
  const { message_id } = putMessage(world, call, chat, { ...content, ...(given ? readCaption(call.parameters) : kept) })
  return { message_id }
}

function originalOf(world: World, { bot, parameters }: Call, what: 'forward' | 'copy'): Message {
  const from = chatToRead(world, bot, parameters, 'from_chat_id')
  const id = parameters.integer('message_id')
  if (id === undefined) throw badRequest('message identifier is not specified')
  const message = world.messages.get(...placeOf(from), id)
  if (!message) throw badRequest(`message to ${what} not found`)
  return message
}

const carried = ['text', 'entities', 'caption', 'caption_entities', 'photo', 'document', 'contact', 'sticker'] as const

function contentOf(message: Message): Partial<Message> {
  return Object.fromEntries(carried.flatMap((field) => (message[field] === undefined ? [] : [[field, message[field]]])))
}

/** Who wrote it first, however often it was forwarded. */
function originOf({ forward_origin, from, date }: Message): MessageOrigin {
  if (forward_origin) return forward_origin
  if (!from) throw new Error('A message of the sandbox always has a sender')
  return { type: 'user', sender_user: from, date }
}
