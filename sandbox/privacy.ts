import type { Message, MessageEntity } from 'grammy/types'
import type { Bot } from './bots.ts'

interface Setting {
  /** The bot that was the last of the bots to write in the group. */
  lastBot: number | undefined
  /** The message that is replied to, if it is still there. */
  original: Message | undefined
}

/**
 * Whether a message of a person is for a bot whose privacy is on, by Telegram's rules: replies to the bot go before all, then
 * what names the bot, then a command that names nobody, which is for the bot that wrote last, or for all if none has written.
 * https://core.telegram.org/bots/features#privacy-mode
 */
export function isMeantFor(bot: Bot, message: Message, { lastBot, original }: Setting): boolean {
  if (original?.from?.is_bot) return original.from.id === bot.id
  const { commands, named } = addresseesOf(message)
  if (named.length > 0) return named.includes(bot.username.toLowerCase())
  if (commands > 0) return lastBot === undefined || lastBot === bot.id
  return original !== undefined && addresseesOf(original).named.includes(bot.username.toLowerCase())
}

/** The usernames that a message names, in lower case, and how many commands in it name nobody. */
function addresseesOf({ text, caption, entities, caption_entities }: Message): { named: string[]; commands: number } {
  const whole = text ?? caption ?? ''
  const found = (entities ?? caption_entities ?? []).filter(isAddress)
  const words = found.map(({ offset, length }) => whole.slice(offset, offset + length).toLowerCase())
  const named = words.filter((word) => word.includes('@')).map((word) => word.slice(word.indexOf('@') + 1))
  return {
    named: named.filter((name) => name.endsWith('bot')),
    commands: words.filter((word) => !word.includes('@')).length,
  }
}

function isAddress({ type }: MessageEntity): boolean {
  return type === 'bot_command' || type === 'mention'
}
