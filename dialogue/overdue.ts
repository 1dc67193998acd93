import { localeOf } from '../config/locales.ts'
import { chooseText, formatText } from '../delivery/compose.ts'
import { endOfQuiet } from '../delivery/quiet-hours.ts'
import type { BotRecord } from '../models/bot.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { Reminder } from '../models/reminder.ts'
import { storeTime } from '../models/store-clock.ts'
import type { Overdue } from '../models/update.ts'
import type { Visit } from './visit.ts'

type Say = (payload: { chat_id: number; text: string; entities: object[] }) => Promise<unknown>

/**
 * Reminds of a question that has no answer yet, or leaves the scene that asked it. It runs in the lane of the chat:
 * an answer has come before it,
 * and then there is nothing to do, or comes after it.
 */
export async function followUp(
  { entry, text, format, leave }: Overdue,
  { session, chat, person: { personId } }: Visit,
  bot: BotRecord,
  say: Say,
): Promise<void> {
  if (!session.awaits(entry)) return Reminder.drop(bot._id, entry)
  const person = await Person.of(bot._id, personId)
  if (person && text !== undefined && mayBeReminded(person)) {
    const languages = { person: person.locale, bot: localeOf(bot.locale) ?? 'en' }
    await say({ chat_id: chat, ...formatText(chooseText(text, languages), format) })
  }
  if (leave) session.leave(entry)
}

/** Whoever wants quiet, or is not to be spoken to, hears no reminder, not later either. */
function mayBeReminded({ stopped, blocked, muted, pausedUntil, quietHours }: PersonRecord): boolean {
  const now = storeTime()
  const quiet = (pausedUntil && pausedUntil > now) || (quietHours && endOfQuiet(quietHours, now))
  return !stopped && !blocked && !muted && !quiet
}
