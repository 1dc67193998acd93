import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import type { Locale } from '../config/locales.ts'
import { plainName } from '../config/plain-name.ts'
import { fingerprint } from '../config/vault.ts'
import { batched } from './batched.ts'
import { storeTime } from './store-clock.ts'

type Id = Types.ObjectId

/**
 * Somebody a bot talks to; one record a bot. `personId` is the messenger's id, `userId` the link to the directory's
 * user.
 */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  personId: { type: Number, required: true },
  chat: { type: Number, required: true },
  name: { type: String, required: true },
  username: { type: String },
  locale: { type: String, required: true },
  /**
   * Who ended it: the person by /stop (until /start), or the messenger's word that the bot was blocked (until any
   * update).
   */
  stopped: { type: String, enum: ['by-command', 'in-messenger', null], default: null },
  userId: { type: String },
  /** The `userId` once more where the user is to have one person alone; without it several may share the user. */
  soleUserId: { type: String },
  linkedAt: { type: Date },
  /** What the directory last called the user; menus go by it. */
  role: { type: String },
  /** The account is blocked by the customer's system (a `Block`); the link stays. */
  blocked: { type: Schema.Types.Mixed },
  /** The user of the last link that ended, and how it did; gone with the next link. */
  formerUserId: { type: String },
  parted: { type: String, enum: ['disconnected', 'deleted', null] },
  /** Until when nothing but what is critical is to come. */
  pausedUntil: { type: Date },
  /** `QuietHours`: what is not critical comes after them. */
  quietHours: { type: Schema.Types.Mixed },
  /** Wishes for nothing but what is critical, until further notice. */
  muted: { type: Boolean },
  /** A `SilenceNews`: what has changed in the pause or the wish for silence and has not been told yet. */
  silenceNews: { type: Schema.Types.Mixed },
  /** What the directory last told of the account, field by field, as fingerprints: enough to see what changes. */
  known: { type: Schema.Types.Mixed },
  /** When the account was last linked, blocked or freed: names the next such change, so that it is told once. */
  changedAt: { type: Date },
  /** The account is gone, and the person is to hear it with the next message. */
  untold: { type: Boolean },
  /** The proven phone as `phonePrint` makes it: for the exact search alone. */
  phonePrint: { type: String },
  firstSeenAt: { type: Date, required: true },
  lastSeenAt: { type: Date, required: true },
})
schema.index({ bot: 1, personId: 1 }, { unique: true })
schema.index({ bot: 1, chat: 1 })
schema.index({ bot: 1, userId: 1 }, { partialFilterExpression: { userId: { $exists: true } } })
schema.index({ bot: 1, soleUserId: 1 }, { unique: true, partialFilterExpression: { soleUserId: { $exists: true } } })
schema.index({ bot: 1, lastSeenAt: -1 })
schema.index(
  { bot: 1, formerUserId: 1 },
  { partialFilterExpression: { formerUserId: { $exists: true } }, name: 'former' },
)
schema.index({ bot: 1, phonePrint: 1 }, { partialFilterExpression: { phonePrint: { $exists: true } }, name: 'phone' })
schema.index({ pausedUntil: 1 }, { partialFilterExpression: { pausedUntil: { $exists: true } }, name: 'paused' })
schema.index(
  { 'silenceNews.at': 1 },
  { partialFilterExpression: { 'silenceNews.at': { $exists: true } }, name: 'silence-news' },
)

/** When the customer's system blocked an account, and why if it said so. */
export type Block = { at: Date; reason?: string }
/** Hours of a day by the clocks of a zone, `HH:MM`; they may pass midnight. */
export type QuietHours = { from: string; to: string; timezone: string }
/** A pause began, or silence ended, at this instant. */
export type SilenceNews = { what: 'paused' | 'resumed'; at: Date }

export type PersonRecord = Omit<
  InferSchemaType<typeof schema>,
  'locale' | 'blocked' | 'quietHours' | 'silenceNews' | 'known'
> & {
  _id: Id
  locale: Locale
  blocked?: Block | null
  quietHours?: QuietHours | null
  silenceNews?: SilenceNews | null
  known?: Record<string, string> | null
}
export type Sighting = { personId: number; chat: number; name: string; username?: string | undefined; locale: Locale }

const Records = model('Person', schema)

const seenEveryMs = 30_000
/** The role of who registers here, and of an account whose directory names none. */
export const plainRole = 'user'

/** The role that a person's menus go by; null is a guest: not linked, or the account is blocked. */
export function roleOf(person: Pick<PersonRecord, 'userId' | 'role' | 'blocked'> | null): string | null {
  return person?.userId && !person.blocked ? (person.role ?? plainRole) : null
}

/** A phone number (digits, international) as it is kept to be found again. */
export function phonePrint(bot: Id, digits: string): string {
  return fingerprint(`phone:${bot}`, digits)
}

export const Person = Object.assign(Records, {
  /**
   * Somebody wrote or pressed: records the name as it is now, that they were seen (to the half minute), and that the
   * messenger lets us
   * speak again. The locale of the sighting counts for a new person only.
   */
  async meet(bot: Id, sighting: Sighting): Promise<PersonRecord> {
    const person = await recall({ bot, personId: sighting.personId })
    return person && isUpToDate(person, sighting) ? person : note(bot, sighting)
  },

  of: (bot: Id, personId: number) => Records.findOne({ bot, personId }).lean<PersonRecord>(),
  ofUsers: (bot: Id, userIds: string[]) => Records.find({ bot, userId: { $in: userIds } }).lean<PersonRecord[]>(),
  among: (bot: Id, personIds: number[]) => Records.find({ bot, personId: { $in: personIds } }).lean<PersonRecord[]>(),

  /** Everybody who has not stopped the bot, in the order they first came. */
  active: (bot: Id) => Records.find({ bot, stopped: null }).sort({ _id: 1 }).lean<PersonRecord[]>(),

  async speak(bot: Id, personId: number, locale: Locale) {
    await Records.updateOne({ bot, personId }, { $set: { locale } })
  },

  async stop(bot: Id, personId: number, how: 'by-command' | 'in-messenger') {
    // A /stop outlasts the messenger's word: only /start takes it back.
    const overruled: 'by-command'[] = how === 'in-messenger' ? ['by-command'] : []
    await Records.updateOne({ bot, personId, stopped: { $nin: overruled } }, { $set: { stopped: how } })
  },

  /** The messenger refused to let us write to this chat. */
  async stopChat(bot: Id, chat: number) {
    await Records.updateOne({ bot, chat, stopped: { $ne: 'by-command' } }, { $set: { stopped: 'in-messenger' } })
  },

  async restart(bot: Id, personId: number) {
    await Records.updateOne({ bot, personId }, { $set: { stopped: null } })
  },

  async forget(bot: Id, personId: number) {
    await Records.deleteOne({ bot, personId })
  },

  /** One page of a bot's people, latest seen first, and how many there are in all. */
  async page(bot: Id, { skip, limit }: { skip: number; limit: number }) {
    const [people, total] = await Promise.all([
      Records.find({ bot }).sort({ lastSeenAt: -1, _id: 1 }).skip(skip).limit(limit).lean<PersonRecord[]>(),
      Records.countDocuments({ bot }),
    ])
    return { people, total }
  },

  /** Whom an exact search means, by indexes alone: the user's id, or the proven phone. */
  async exactly(bot: Id, { userId, phone }: { userId: string; phone: string | undefined }): Promise<PersonRecord[]> {
    const [ofUser, ofPhone] = await Promise.all([
      Records.find({ bot, userId }).lean<PersonRecord[]>(),
      phone ? Records.find({ bot, phonePrint: phonePrint(bot, phone) }).lean<PersonRecord[]>() : [],
    ])
    const known = new Map([...ofUser, ...ofPhone].map((person) => [person.personId, person]))
    return [...known.values()]
  },

  /**
   * Those whose name or username holds some words, latest seen first, as far as `most`: one walk, which ends at the
   * last that is wanted.
   */
  called(bot: Id, words: string, most: number) {
    const pattern = new RegExp(words.replace(/^@/, '').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'iu')
    return Records.find({ bot, $or: [{ name: pattern }, { username: pattern }] })
      .sort({ lastSeenAt: -1, _id: 1 })
      .limit(most)
      .lean<PersonRecord[]>()
  },
})

/** Concurrent calls share their query. */
const recall = batched(async (asked: { bot: Id; personId: number }[]): Promise<(PersonRecord | undefined)[]> => {
  const byBot = Map.groupBy(asked, ({ bot }) => String(bot))
  const found = new Map<string, PersonRecord>()
  for (const [key, ofBot] of byBot) {
    const personIds = ofBot.map(({ personId }) => personId)
    const persons = await Records.collection
      .find({ bot: ofBot[0]?.bot, personId: { $in: personIds } } as never)
      .toArray()
    for (const person of persons as unknown as PersonRecord[]) found.set(`${key}:${person.personId}`, person)
  }
  return asked.map(({ bot, personId }) => found.get(`${bot}:${personId}`))
})

function isUpToDate(person: PersonRecord, { chat, name, username }: Sighting): boolean {
  const known = person.chat === chat && person.name === plainName(name)
  const nick = username ? plainName(username) : undefined
  const seen = storeTime().getTime() - person.lastSeenAt.getTime() < seenEveryMs
  return known && seen && (person.username ?? undefined) === nick && person.stopped !== 'in-messenger'
}

function note(bot: Id, { personId, chat, name, username, locale }: Sighting): Promise<PersonRecord> {
  const now = storeTime()
  return Records.findOneAndUpdate(
    { bot, personId },
    [
      {
        $set: {
          chat,
          name: { $literal: plainName(name) },
          username: username ? { $literal: plainName(username) } : '$$REMOVE',
          locale: { $ifNull: ['$locale', locale] },
          stopped: { $cond: [{ $eq: ['$stopped', 'by-command'] }, 'by-command', null] },
          firstSeenAt: { $ifNull: ['$firstSeenAt', now] },
          lastSeenAt: now,
        },
      },
    ],
    { upsert: true, returnDocument: 'after', updatePipeline: true },
  )
    .lean<PersonRecord>()
    .orFail()
    .exec()
}
