import type { BotCommand } from 'grammy/types'
import type { Bot } from './bots.ts'
import { type Group, isAdministrator, memberOf, presentIn } from './groups.ts'
import type { Person } from './people.ts'
import type { World } from './world.ts'

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

/** The menu that a person sees in a private chat. */
export function commandMenu(bot: Bot, person: Person): BotCommand[] {
  return firstOf(bot, person, [
    { type: 'chat', chat_id: person.id },
    { type: 'all_private_chats' },
    { type: 'default' },
  ])
}

/** The menu that a person sees in a group: of all its bots, each command with its bot's name where there are several. */
export function groupCommandMenu({ bots }: World, group: Group, person: Person): BotCommand[] {
  const chat_id = group.id
  const administrators: Scope[] = [{ type: 'chat_administrators', chat_id }]
  const everywhere: Scope[] = [{ type: 'all_chat_administrators' }]
  const own = isAdministrator(memberOf(group, person.id))
  const scopes: Scope[] = [
    { type: 'chat_member', chat_id, user_id: person.id },
    ...(own ? administrators : []),
    { type: 'chat', chat_id },
    ...(own ? everywhere : []),
    { type: 'all_group_chats' },
    { type: 'default' },
  ]
  const present = presentIn(group, 'bots').flatMap(({ id }) => bots.get(id) ?? [])
  return present.flatMap((bot) =>
    firstOf(bot, person, scopes).map(({ command, description }) => ({
      command: present.length > 1 ? `${command}@${bot.username}` : command,
      description,
    })),
  )
}

/** The narrowest scope first, in each the person's language first. */
function firstOf(bot: Bot, { language_code }: Person, scopes: Scope[]): BotCommand[] {
  for (const scope of scopes) {
    const found = bot.commands[commandsKey(scope, language_code)] ?? bot.commands[commandsKey(scope, '')]
    if (found) return found
  }
  return []
}
