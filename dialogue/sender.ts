import type { Message, Update } from 'grammy/types'
import { storeTime } from '../models/store-clock.ts'

/** Who is behind an update, and where. */
export type Sender = {
  id: number
  chat: number
  /** Others read along there. */
  group: boolean
  name: string
  username: string | undefined
  language: string | undefined
}

/** Who is behind an update. Channels, and whoever writes in a group as a bot or in the name of a chat, have no dialogue. */
export function sender(update: Update): Sender | undefined {
  const message = update.message ?? update.edited_message ?? update.callback_query?.message ?? update.my_chat_member
  const from =
    update.callback_query?.from ?? update.message?.from ?? update.edited_message?.from ?? update.my_chat_member?.from
  if (!message || !from || message.chat.type === 'channel') return undefined
  const group = message.chat.type !== 'private'
  if (group && !mayTalk(update, from)) return undefined
  const name = [from.first_name, from.last_name].filter(Boolean).join(' ')
  return { id: from.id, chat: message.chat.id, group, name, username: from.username, language: from.language_code }
}

/** In a group an update that is no message of a person's own and no press is not for a dialogue. */
function mayTalk({ message, callback_query }: Update, { is_bot }: { is_bot: boolean }): boolean {
  return !is_bot && (callback_query !== undefined || (message !== undefined && !message.sender_chat))
}

/** The bot's message, or another's, that a message answers; in a forum every message of a topic "answers" what opened the topic. */
export function answeredBy(message: Message | undefined): number | undefined {
  const answered = message?.reply_to_message
  return answered?.forum_topic_created ? undefined : answered?.from?.id
}

/** An update that stands for something delivered to a person, after which a scene begins. */
export function arrival({ chat, personId }: { chat: number; personId: number }): Update {
  const first_name = String(personId)
  return {
    update_id: 0,
    message: {
      message_id: 0,
      date: Math.floor(storeTime().getTime() / 1000),
      chat: { id: chat, type: 'private', first_name },
      from: { id: personId, is_bot: false, first_name },
    },
  }
}
