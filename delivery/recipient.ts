import type { Types } from 'mongoose'
import { type Locale, localeOf } from '../config/locales.ts'
import { Bot } from '../models/bot.ts'
import { Chat, type ChatRecord } from '../models/chat.ts'
import type { PersonRecord } from '../models/person.ts'

/** Where something is sent: the private chat of a person, or a group or channel, which has no person but a name that admins gave it. */
export type Recipient = Pick<PersonRecord, 'chat' | 'name' | 'locale' | 'userId' | 'stopped'> & {
  personId?: number
  chatName?: string
}

/** The chats that these names were given to, in any letter case, each once, and the names that none has. */
export async function chatsNamed(
  bot: Types.ObjectId,
  names: readonly string[],
): Promise<{ chats: Recipient[]; unknown: string[] }> {
  if (names.length === 0) return { chats: [], unknown: [] }
  const [found, locale] = await Promise.all([Chat.named(bot, names), localeOfBot(bot)])
  const byChat = new Map([...found.values()].map((record) => [record.chat, recipientOf(record, locale)]))
  return { chats: [...byChat.values()], unknown: names.filter((name) => !found.has(name)) }
}

/** A chat as a recipient; where the bot may not speak, it is as good as stopped. In chats a bot speaks its own language. */
export function recipientOf({ chat, title, name, state }: ChatRecord, locale: Locale): Recipient {
  return { chat, name: title, locale, stopped: state === 'in' ? null : 'in-messenger', ...(name && { chatName: name }) }
}

async function localeOfBot(bot: Types.ObjectId): Promise<Locale> {
  return localeOf((await Bot.byId(bot))?.locale) ?? 'en'
}
