import type { BotCommand } from 'grammy/types'
import type { Bot } from './bots.ts'
import type { Person } from './people.ts'

/** Where a list of commands applies, as in Telegram's BotCommandScope. */
export interface Scope {
  type: string
  chat_id?: number
  user_id?: number
}

/** One key for a scope and a language, under which a bot keeps its list. */
export function commandsKey({ type, chat_id, user_id }: Scope, language: string): string {
  const parts: (string | number)[] = [type]
  if (type.startsWith('chat')) parts.push(chat_id ?? 0)
  if (type === 'chat_member') parts.push(user_id ?? 0)
  return [...parts, language].join(' ')
}

/** The menu that a person sees: the narrowest scope first, in each the person's language first. */
export function commandMenu(bot: Bot, { id, language_code }: Person): BotCommand[] {
  const scopes: Scope[] = [{ type: 'chat', chat_id: id }, { type: 'all_private_chats' }, { type: 'default' }]
  for (const scope of scopes) {
    const found = bot.commands[commandsKey(scope, language_code)] ?? bot.commands[commandsKey(scope, '')]
    if (found) return found
  }
  return []
}
