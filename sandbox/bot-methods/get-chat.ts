import { badRequest } from '../failures.ts'
import { privateChat } from '../private-chat.ts'
import type { BotMethod } from './method.ts'

export const getChat: BotMethod = ({ people, chats }, { bot, parameters }) => {
  if (!parameters.has('chat_id')) throw badRequest('chat_id is empty')
  const id = parameters.integer('chat_id')
  const person = id === undefined ? undefined : people.get(id)
  if (!person || !chats.get(bot.id, person.id)?.started) throw badRequest('chat not found')
  return {
    ...privateChat(person),
    ...(person.username && { active_usernames: [person.username] }),
    accent_color_id: person.id % 7,
    max_reaction_count: 11,
    accepted_gift_types: {
      unlimited_gifts: false,
      limited_gifts: false,
      unique_gifts: false,
      premium_subscription: false,
      gifts_from_channels: false,
    },
  }
}
