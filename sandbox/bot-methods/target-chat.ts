import type { Message } from 'grammy/types'
import type { Bot } from '../bots.ts'
import type { Chat } from '../chats.ts'
import { BotApiError, badRequest } from '../failures.ts'
import type { Parameters } from '../parameters.ts'
import type { Person } from '../people.ts'
import type { World } from '../world.ts'

/** The private chat that `chat_id` names, if the bot may write there. */
export function chatToWrite({ people, bots, chats }: World, bot: Bot, parameters: Parameters): Chat {
  if (!parameters.has('chat_id')) throw badRequest('chat_id is empty')
  const id = parameters.integer('chat_id')
  if (id !== undefined && bots.get(id)) throw new BotApiError(403, "Forbidden: the bot can't send messages to bots")
  if (id === undefined || !people.get(id)) throw badRequest('chat not found')
  const chat = chats.get(bot.id, id)
  if (chat?.stopped) throw new BotApiError(403, 'Forbidden: bot was blocked by the user')
  if (!chat?.started) throw new BotApiError(403, "Forbidden: bot can't initiate conversation with a user")
  return chat
}

/** The message that `chat_id` and `message_id` name; `absent` is Telegram's sentence when there is none. */
export function messageToChange(
  world: World,
  bot: Bot,
  parameters: Parameters,
  absent: string,
): { chat: Chat; message: Message } {
  const id = parameters.integer('message_id')
  if (!parameters.has('chat_id') || id === undefined) throw badRequest('message identifier is not specified')
  const chat = chatToWrite(world, bot, parameters)
  const message = world.messages.get(bot.id, chat.person, id)
  if (!message) throw badRequest(absent)
  return { chat, message }
}

/** The person of a chat; a chat without one cannot exist. */
export function personOf({ people }: World, chat: Chat): Person {
  const person = people.get(chat.person)
  if (!person) throw new Error(`The chat of ${chat.bot} with ${chat.person} has no person`)
  return person
}
