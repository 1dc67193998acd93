import type { Message } from 'grammy/types'
import { type AnyChat, placeOf } from '../any-chat.ts'
import type { Bot } from '../bots.ts'
import { BotApiError, badRequest } from '../failures.ts'
import { type Group, isIn, memberOf } from '../groups.ts'
import type { Parameters } from '../parameters.ts'
import type { World } from '../world.ts'

/** The chat that `chat_id` names, if the bot may write there. */
export function chatToWrite(world: World, bot: Bot, parameters: Parameters): AnyChat {
  const id = readChatId(parameters)
  if (id < 0) return groupOf(world, bot, id)
  if (world.bots.get(id)) throw new BotApiError(403, "Forbidden: the bot can't send messages to bots")
  if (!world.people.get(id)) throw badRequest('chat not found')
  const chat = world.chats.get(bot.id, id)
  if (chat?.stopped) throw new BotApiError(403, 'Forbidden: bot was blocked by the user')
  if (!chat?.started) throw new BotApiError(403, "Forbidden: bot can't initiate conversation with a user")
  return chat
}

/** The chat that a parameter names, if the bot may read there: it does not matter whether the person stopped it since. */
export function chatToRead(world: World, bot: Bot, parameters: Parameters, name = 'chat_id'): AnyChat {
  const id = readChatId(parameters, name)
  if (id < 0) return groupOf(world, bot, id)
  const chat = world.people.get(id) && world.chats.get(bot.id, id)
  if (!chat?.started) throw badRequest('chat not found')
  return chat
}

function readChatId(parameters: Parameters, name = 'chat_id'): number {
  if (!parameters.has(name)) throw badRequest(`${name} is empty`)
  const id = parameters.integer(name)
  if (id === undefined) throw badRequest('chat not found')
  return id
}

/** The group with this id, if the bot is in it. */
function groupOf({ groups }: World, bot: Bot, id: number): Group {
  const group = groups.get(id)
  const member = group && memberOf(group, bot.id)
  if (!group || !member) throw badRequest('chat not found')
  if (member.status === 'kicked') throw new BotApiError(403, `Forbidden: bot was kicked from the ${group.type} chat`)
  if (!isIn(member)) throw new BotApiError(403, `Forbidden: bot is not a member of the ${group.type} chat`)
  if (group.migratedTo === undefined) return group
  throw new BotApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
    migrate_to_chat_id: group.migratedTo,
  })
}

/** The message that `chat_id` and `message_id` name; `absent` is Telegram's sentence when there is none. */
export function messageToChange(
  world: World,
  bot: Bot,
  parameters: Parameters,
  absent: string,
): { chat: AnyChat; message: Message } {
  const id = parameters.integer('message_id')
  if (!parameters.has('chat_id') || id === undefined) throw badRequest('message identifier is not specified')
  const chat = chatToWrite(world, bot, parameters)
  const message = world.messages.get(...placeOf(chat), id)
  if (!message) throw badRequest(absent)
  return { chat, message }
}
