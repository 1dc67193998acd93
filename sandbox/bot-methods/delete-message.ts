import type { Message } from 'grammy/types'
import { limits } from '../../bot-api/limits.ts'
import { type AnyChat, isGroup, placeOf } from '../any-chat.ts'
import type { Bot } from '../bots.ts'
import { nowInSeconds } from '../conversations.ts'
import { badRequest } from '../failures.ts'
import { isAdministrator, memberOf } from '../groups.ts'
import type { Parameters } from '../parameters.ts'
import type { BotMethod } from './method.ts'
import { chatToWrite, messageToChange } from './target-chat.ts'

export const deleteMessage: BotMethod = (world, { bot, parameters }) => {
  const { chat, message } = messageToChange(world, bot, parameters, 'message to delete not found')
  refuseKept(bot, chat, message)
  world.conversations.delete(chat, message.message_id)
  return true
}

/** Messages that are not there are passed over, as in Telegram; one that must stay keeps the others. */
export const deleteMessages: BotMethod = (world, { bot, parameters }) => {
  const ids = readIds(parameters)
  const chat = chatToWrite(world, bot, parameters)
  const found = ids.flatMap((id) => world.messages.get(...placeOf(chat), id) ?? [])
  for (const message of found) refuseKept(bot, chat, message)
  for (const { message_id } of found) world.conversations.delete(chat, message_id)
  return true
}

/** Messages of others a bot may delete in a private chat, and where it is an administrator. */
function refuseKept(bot: Bot, chat: AnyChat, { from, date }: Message): void {
  const may = from?.id === bot.id || !isGroup(chat) || isAdministrator(memberOf(chat, bot.id))
  if (!may || date < nowInSeconds() - limits.deleteWithin) throw badRequest("message can't be deleted")
}

function readIds(parameters: Parameters): number[] {
  const ids = parameters.json('message_ids', 'message_ids') ?? []
  if (!Array.isArray(ids)) throw badRequest('expected an Array of message identifiers')
  if (ids.length === 0) throw badRequest('message identifiers are not specified')
  if (ids.length > limits.deletedAtOnce) throw badRequest('too many message identifiers specified')
  if (!ids.every((id) => /^[1-9]\d*$/.test(String(id)))) throw badRequest('invalid message identifier specified')
  return [...new Set(ids.map(Number))]
}
