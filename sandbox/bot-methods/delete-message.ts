import { limits } from '../../bot-api/limits.ts'
import { isGroup } from '../any-chat.ts'
import { nowInSeconds } from '../conversations.ts'
import { badRequest } from '../failures.ts'
import { isAdministrator, memberOf } from '../groups.ts'
import type { BotMethod } from './method.ts'
import { messageToChange } from './target-chat.ts'

/** Messages of others a bot may delete in a private chat, and where it is an administrator. */
export const deleteMessage: BotMethod = (world, { bot, parameters }) => {
  const { chat, message } = messageToChange(world, bot, parameters, 'message to delete not found')
  const own = message.from?.id === bot.id
  const may = own || !isGroup(chat) || isAdministrator(memberOf(chat, bot.id))
  if (!may || message.date < nowInSeconds() - limits.deleteWithin) throw badRequest("message can't be deleted")
  world.conversations.delete(chat, message.message_id)
  return true
}
