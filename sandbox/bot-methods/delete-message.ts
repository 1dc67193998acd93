import { limits } from '../../bot-api/limits.ts'
import { nowInSeconds } from '../conversations.ts'
import { badRequest } from '../failures.ts'
import type { BotMethod } from './method.ts'
import { messageToChange } from './target-chat.ts'

/** In a private chat a bot may delete the person's messages too. */
export const deleteMessage: BotMethod = (world, { bot, parameters }) => {
  const { chat, message } = messageToChange(world, bot, parameters, 'message to delete not found')
  if (message.date < nowInSeconds() - limits.deleteWithin) throw badRequest("message can't be deleted")
  world.conversations.delete(chat, message.message_id)
  return true
}
