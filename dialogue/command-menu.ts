import { createHash } from 'node:crypto'
import type { Channel } from '../channels/channel.ts'
import { type Locale, localeOf, locales } from '../config/locales.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { commandNames, commandText } from './command-text.ts'
import type { Kind } from './kind.ts'
import { privateParts } from './private-parts.ts'

type Command = { command: string; description: string }

/** Registers the commands of a kind with the messenger, per language; once, until they change. Groups are not offered what is private. */
export async function registerCommands(
  bot: BotRecord,
  kind: Kind,
  channel: Channel,
  signal: AbortSignal,
): Promise<void> {
  const own = localeOf(bot.locale) ?? 'en'
  const { commands: privately } = privateParts(kind)
  const lists = [undefined, ...locales].flatMap((language) => {
    const commands = commandsIn(kind, language ?? own)
    const inLanguage = language && { language_code: language }
    return [
      { ...inLanguage, commands: commands.filter(({ command }) => !privately.has(command)) },
      { ...inLanguage, commands, scope: { type: 'all_private_chats' } },
    ]
  })
  const print = createHash('sha256').update(JSON.stringify(lists)).digest('base64url')
  if (bot.commandsPrint === print) return
  for (const list of lists) {
    const answer = await channel.call('setMyCommands', list, signal)
    if (!answer.ok) return
  }
  await Bot.note(bot._id, { commandsPrint: print })
}

function commandsIn({ id, skills }: Kind, locale: Locale): Command[] {
  return commandNames(skills).map((command) => ({ command, description: commandText(id, command, locale) }))
}
