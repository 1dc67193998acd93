import { createHash } from 'node:crypto'
import type { Channel } from '../channels/channel.ts'
import { type Locale, locales } from '../config/locales.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { commandNames, commandText } from './command-text.ts'
import type { Kind } from './kind.ts'

type Command = { command: string; description: string }

/** Registers the commands of a kind with the messenger, per language; once, until they change. */
export async function registerCommands(
  bot: BotRecord,
  kind: Kind,
  channel: Channel,
  signal: AbortSignal,
): Promise<void> {
  const lists = locales.map((locale) => ({ language_code: locale, commands: commandsIn(kind, locale) }))
  const print = createHash('sha256').update(JSON.stringify(lists)).digest('base64url')
  if (bot.commandsPrint === print) return
  const fallback = { commands: lists.find(({ language_code }) => language_code === bot.locale)?.commands ?? [] }
  for (const list of [fallback, ...lists]) {
    const answer = await channel.call('setMyCommands', list, signal)
    if (!answer.ok) return
  }
  await Bot.note(bot._id, { commandsPrint: print })
}

function commandsIn({ id, skills }: Kind, locale: Locale): Command[] {
  return commandNames(skills).map((command) => ({ command, description: commandText(id, command, locale) }))
}
