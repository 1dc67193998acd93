import { UserError } from '../config/user-error.ts'
import { giveWaiting } from '../delivery/waiting.ts'
import { type Actor, Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { HeldDeliveries } from '../models/held-deliveries.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { Silence, type Silent } from '../models/silence.ts'
import { storeTime } from '../models/store-clock.ts'
import { tellSilenceNews } from './silence-news.ts'

/**
 * Keeps back until a date what is not critical, and tells these persons. Who has paused until then already is told
 * nothing more. The alarm for
 * the end (`setPauseAlarm` of jobs/) is the caller's to set; one that ends so many milliseconds sooner or later is
 * the same.
 * @throws UserError when the date has passed
 */
export async function pause(
  bot: BotRecord,
  personIds: number[],
  until: Date,
  by: Actor,
  sameWithinMs = 0,
): Promise<void> {
  if (until <= storeTime()) throw new UserError('error.datePassed')
  for (const personId of personIds) {
    const person = await Silence.pause(bot._id, personId, until, sameWithinMs)
    if (person && 'apiKey' in by) await Audit.record(bot.server, bot._id, by, 'people.pause', { personId })
    await tellNews(bot, personId, person)
  }
}

/** Ends the pause of these persons and greets them. Who has not paused is left alone. */
export async function resume(bot: BotRecord, personIds: number[], by: Actor): Promise<void> {
  for (const personId of personIds) {
    const person = await Silence.end(bot._id, personId, 'pause')
    if (person && 'apiKey' in by) await Audit.record(bot.server, bot._id, by, 'people.resume', { personId })
    await tellNews(bot, personId, person)
  }
}

/**
 * Ends all that a person has wished for to keep messages back, and greets them. Answers whether there was anything to
 * end.
 */
export async function hearAgain(bot: BotRecord, personId: number, what: Silent = 'all'): Promise<boolean> {
  const person = await Silence.end(bot._id, personId, what)
  return (await tellNews(bot, personId, person)) || person !== null
}

/** Sends a person nothing but what is critical, until further notice. */
export async function mute(bot: BotRecord, personId: number): Promise<void> {
  await Silence.mute(bot._id, personId)
}

/** Ends this very pause once it is over, and greets the person; twice is as good as once. */
export async function endPause(bot: string | BotRecord['_id'], personId: number, until: Date): Promise<void> {
  const record = await Bot.byId(bot)
  if (!record || until > storeTime()) return
  await tellNews(record, personId, await Silence.end(record._id, personId, 'pause', until))
}

/** Gives a person what waits for them, the latest first asked for. */
export function showWaiting(bot: BotRecord, personId: number): Promise<{ given: number; left: number }> {
  return giveWaiting(bot, personId)
}

export function countWaiting(bot: BotRecord, personId: number): Promise<number> {
  return HeldDeliveries.count(bot._id, personId)
}

/** Tells a change, this one or one whose telling a crash broke off. Answers whether there was any. */
async function tellNews(bot: BotRecord, personId: number, changed: PersonRecord | null): Promise<boolean> {
  const person = changed ?? (await Person.of(bot._id, personId))
  return person ? tellSilenceNews(bot, person) : false
}
