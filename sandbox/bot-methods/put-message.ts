import type { Message } from 'grammy/types'
import { type AnyChat, asTelegramChat, isGroup, placeOf } from '../any-chat.ts'
import { asUser, type Bot } from '../bots.ts'
import type { MessageContent } from '../conversations.ts'
import { badRequest } from '../failures.ts'
import { asReplied } from '../replied-message.ts'
import type { World } from '../world.ts'
import type { Call } from './method.ts'
import { type Markup, readMarkup } from './reply-markup.ts'

/** The end of every sending method: replies, keyboards, and the message is in the chat. */
export function putMessage(world: World, call: Call, chat: AnyChat, content: Partial<Message>): Message {
  const markup = readMarkup(call.parameters, { inGroup: isGroup(chat) })
  const repliedTo = readRepliedTo(world, call, chat)
  return putBotMessage(world, call.bot, chat, {
    content: { ...content, ...(repliedTo && { reply_to_message: repliedTo }) },
    markup,
  })
}

/** A message of a bot, also of one that lives inside. */
export function putBotMessage(
  world: World,
  bot: Bot,
  chat: AnyChat,
  { content, markup }: { content: Partial<Message>; markup: Markup },
): Message {
  const whole: MessageContent = {
    from: asUser(bot),
    chat: asTelegramChat(world, chat),
    ...content,
    ...(markup.inline && { reply_markup: markup.inline }),
    // Not in the Bot API's Message, but how the person's client learns that an answer is wished for.
    ...(markup.force && { reply_markup: markup.force as never }),
  }
  const message = world.conversations.put(chat, bot.id, whole)
  if (isGroup(chat) && chat.lastBot !== bot.id) {
    chat.lastBot = bot.id
    world.groups.save(chat)
  }
  if (markup.keyboard !== undefined) world.conversations.setKeyboard(chat, markup.keyboard ?? undefined)
  return message
}

export function readRepliedTo({ messages }: World, { parameters }: Call, chat: AnyChat): Message['reply_to_message'] {
  const given = parameters.json('reply_parameters', 'reply parameters') as Record<string, unknown> | undefined
  const id = given ? Number(given.message_id) : parameters.integer('reply_to_message_id')
  if (!id) return undefined
  const found = messages.get(...placeOf(chat), id)
  if (found) return asReplied(found)
  const optional = given ? given.allow_sending_without_reply === true : parameters.flag('allow_sending_without_reply')
  if (!optional) throw badRequest('message to be replied not found')
  return undefined
}
