import type { QueryFilter, Types } from 'mongoose'
import { Person, type PersonRecord, type QuietHours } from './person.ts'
import { storeTime } from './store-clock.ts'

type Id = Types.ObjectId

/** What keeps a person's messages back: a pause, a wish for nothing but what is critical, or either. */
export type Silent = 'pause' | 'mute' | 'all'

const paused = { pausedUntil: { $exists: true, $ne: null } }
const muted = { muted: true }
const silent: Record<Silent, QueryFilter<PersonRecord>> = { pause: paused, mute: muted, all: { $or: [paused, muted] } }
const fields: Record<Silent, object> = {
  pause: { pausedUntil: 1 },
  mute: { muted: 1 },
  all: { pausedUntil: 1, muted: 1 },
}

const around = (date: Date, ms: number) => new Date(date.getTime() + ms)

/** When people wish to hear nothing. Each change notes that it is to be told, in the same write. */
export const Silence = {
  /** Answers the person as they are now, or null when that pause is on already. */
  pause: (bot: Id, personId: number, until: Date, sameWithinMs: number): Promise<PersonRecord | null> =>
    Person.findOneAndUpdate(
      {
        bot,
        personId,
        pausedUntil: { $not: { $gte: around(until, -sameWithinMs), $lte: around(until, sameWithinMs) } },
      },
      { $set: { pausedUntil: until, silenceNews: { what: 'paused', at: storeTime() } } },
      { returnDocument: 'after' },
    ).lean<PersonRecord | null>(),

  /** Ends what keeps messages back; with `until` that very pause alone. Answers null when there is nothing to end. */
  end: (bot: Id, personId: number, what: Silent, until?: Date): Promise<PersonRecord | null> =>
    Person.findOneAndUpdate(
      { bot, personId, ...silent[what], ...(until && { pausedUntil: until }) },
      { $set: { silenceNews: { what: 'resumed', at: storeTime() } }, $unset: fields[what] },
      { returnDocument: 'after' },
    ).lean<PersonRecord | null>(),

  async mute(bot: Id, personId: number) {
    await Person.updateOne({ bot, personId }, { $set: { muted: true } })
  },

  async setQuietHours(bot: Id, personId: number, quietHours: QuietHours | null) {
    await Person.updateOne({ bot, personId }, quietHours ? { $set: { quietHours } } : { $unset: { quietHours: 1 } })
  },

  /** Whose pause is over and has not been ended. */
  over: (now: Date, limit: number) =>
    Person.find({ pausedUntil: { $lte: now } })
      .sort({ pausedUntil: 1 })
      .limit(limit)
      .lean<PersonRecord[]>(),

  /** Who was not told what has changed before this. */
  untold: (before: Date, limit: number) =>
    Person.find({ 'silenceNews.at': { $lte: before } })
      .sort({ 'silenceNews.at': 1 })
      .limit(limit)
      .lean<PersonRecord[]>(),

  /** They were told what had changed at this instant. */
  async told(bot: Id, personId: number, at: Date) {
    await Person.updateOne({ bot, personId, 'silenceNews.at': at }, { $unset: { silenceNews: 1 } })
  },
}
