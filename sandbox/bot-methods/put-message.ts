import type { Message } from 'grammy/types'
import { asUser } from '../bots.ts'
import type { Chat } from '../chats.ts'
import type { MessageContent } from '../conversations.ts'
import { badRequest } from '../failures.ts'
import { privateChat } from '../private-chat.ts'
import { asReplied } from '../replied-message.ts'
import type { World } from '../world.ts'
import type { Call } from './method.ts'
import { type Markup, readMarkup } from './reply-markup.ts'
import { personOf } from './target-chat.ts'

/** The end of every sending method: replies, keyboards, and the message is in the chat. */
export function putMessage(world: World, call: Call, chat: Chat, content: Partial<Message>): Message {
  const markup = readMarkup(call.parameters)
  const repliedTo = readRepliedTo(world, call, chat)
  return putBotMessage(world, chat, { ...content, ...(repliedTo && { reply_to_message: repliedTo }) }, markup)
}

/** A message of a bot, also of one that lives inside. */
export function putBotMessage(world: World, chat: Chat, content: Partial<Message>, markup: Markup): Message {
  const bot = world.bots.get(chat.bot)
  if (!bot) throw new Error(`The chat of ${chat.bot} with ${chat.person} has no bot`)
  const whole: MessageContent = {
    from: asUser(bot),
    chat: privateChat(personOf(world, chat)),
    ...content,
    ...(markup.inline && { reply_markup: markup.inline }),
    // Not in the Bot API's Message, but how the person's client learns that an answer is wished for.
    ...(markup.force && { reply_markup: markup.force as never }),
  }
  const message = world.conversations.put(chat, chat.bot, whole)
  if (markup.keyboard !== undefined) world.conversations.setKeyboard(chat, markup.keyboard ?? undefined)
  return message
}

function readRepliedTo({ messages }: World, { bot, parameters }: Call, chat: Chat): Message['reply_to_message'] {
  const given = parameters.json('reply_parameters', 'reply parameters') as Record<string, unknown> | undefined
  const id = given ? Number(given.message_id) : parameters.integer('reply_to_message_id')
  if (!id) return undefined
  const found = messages.get(bot.id, chat.person, id)
  if (found) return asReplied(found)
  const optional = given ? given.allow_sending_without_reply === true : parameters.flag('allow_sending_without_reply')
  if (!optional) throw badRequest('message to be replied not found')
  return undefined
}
