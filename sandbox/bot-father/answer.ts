import { escapeHtml } from '../../bot-api/html.ts'
import { type Bot, nameOf } from '../bots.ts'
import type { Step } from './steps.ts'

/** What BotFather says (Telegram's HTML), what it waits for then, and buttons to answer with. */
export interface Answer {
  say: string
  next?: Step
  choices?: string[]
}

/** How BotFather names a bot. */
export const line = (bot: Bot) => `${escapeHtml(nameOf(bot))} (@${bot.username})`
