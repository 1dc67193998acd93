import { type InferSchemaType, isValidObjectId, model, Schema, type Types } from 'mongoose'
import type { Duration } from '../config/duration.ts'
import type { Locale } from '../config/locales.ts'
import { open, seal } from '../config/vault.ts'
import { duplicatesOf } from './update.ts'

type Id = Types.ObjectId

/** One string for everybody, or one per locale. */
export type LocalText = string | Partial<Record<Locale, string>>

/** What a notification says. A text is plain unless `format` is `html`; with a photo or document it is the caption. */
export type Content = {
  text?: LocalText
  format?: 'plain' | 'html'
  /** A URL that the messenger fetches. */
  photo?: string
  document?: string
  /** Rows of buttons: a link, or (our own notifications only) a menu's route as callback data. */
  buttons?: ({ text: LocalText } & ({ url: string } | { data: string }))[][]
  /** The scene that begins in the chat once the text has arrived. */
  then?: { scene: string; args?: unknown }
} & FollowUp

/**
 * What follows while the scene of `then` has no answer: so many reminders (one unless said), each `after` the one
 * before; and its end. The
 * texts are formatted as the content's own.
 */
export type FollowUp = {
  remind?: { after: Duration; times?: number; text: LocalText }
  giveUp?: { after: Duration; text?: LocalText }
}

/**
 * When to say it: once, or on the dates of a cron line by the clocks of a zone, until a date (that one too) or for so
 * many times.
 */
export type Plan = { at: Date } | { cron: string; timezone: string; until?: Date; times?: number }

/**
 * Whom it is for: the users that were asked for, and the persons that they and the keys (whose digits are not kept)
 * turned out to be. Of a
 * scheduled one `persons` are those of the keys alone: users, everybody who has the bot, and chats by their names
 * are looked up anew each time.
 */
const audience = new Schema(
  {
    userIds: { type: [String], default: [] },
    persons: { type: [Number], default: [] },
    everybody: { type: Boolean },
    chats: { type: [String], default: undefined },
  },
  { _id: false },
)

/**
 * What to say, to whom, when; also the record of the call that asked for it. What is said at once is its own
 * occurrence: written as
 * `expanding` with its audience before the deliveries, `queued` after them: a restart resumes what was expanding.
 * One with a plan is
 * `scheduled` until it has no next date (`finished`); each date makes an occurrence.
 */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  madeAt: { type: Date, required: true },
  madeBy: { type: Schema.Types.Mixed, required: true },
  state: { type: String, enum: ['expanding', 'queued', 'scheduled', 'finished', 'cancelled'], required: true },
  /** When it fell due, or (scheduled) first falls due. */
  dueAt: { type: Date, required: true },
  expiresAt: { type: Date },
  plan: { type: Schema.Types.Mixed },
  /** The date of the next occurrence, while it is scheduled. */
  nextAt: { type: Date },
  /** How many occurrences have fired by the plan. */
  fired: { type: Number },
  /** Whether a job waits for `nextAt`. */
  armed: { type: Boolean },
  /** It passes a pause, quiet hours and a wish for silence. */
  critical: { type: Boolean },
  /** The bot's own word about the account itself: it also reaches who is blocked or no longer linked. */
  own: { type: Boolean },
  /** How many deliveries of other notifications it says together. */
  merges: { type: Number },
  /** The wish of a scene that it came of: repeated after a crash it makes no second one. */
  wish: { type: String },
  content: { type: Schema.Types.Mixed, required: true },
  once: { type: Boolean, default: false },
  audience: { type: audience, required: true },
  reference: { type: String },
  apiKey: { type: Schema.Types.ObjectId },
  idempotencyKey: { type: String },
  bodyPrint: { type: String },
  /** Sealed: it repeats keys that nobody is linked to. */
  answer: { type: Buffer },
})
schema.index({ bot: 1, reference: 1, _id: -1 }, { partialFilterExpression: { reference: { $exists: true } } })
schema.index({ bot: 1, state: 1 }, { partialFilterExpression: { state: 'expanding' } })
schema.index({ nextAt: 1, _id: 1 }, { partialFilterExpression: { state: 'scheduled' }, name: 'scheduled' })
schema.index(
  { bot: 1, nextAt: 1, _id: 1 },
  { partialFilterExpression: { state: 'scheduled' }, name: 'scheduled-of-bot' },
)
schema.index({ armed: 1 }, { partialFilterExpression: { armed: false }, name: 'unarmed' })
schema.index({ bot: 1, wish: 1 }, { unique: true, partialFilterExpression: { wish: { $exists: true } } })
schema.index(
  { apiKey: 1, idempotencyKey: 1 },
  { unique: true, partialFilterExpression: { idempotencyKey: { $exists: true } } },
)

export type NotificationRecord = Omit<InferSchemaType<typeof schema>, 'content' | 'plan'> & {
  _id: Id
  content: Content
  plan?: Plan | null
}
export type NamedNotification = Omit<NotificationRecord, 'audience'>
export type SaidNotification = Pick<NotificationRecord, '_id' | 'content' | 'state' | 'critical' | 'own'>
/** One that waits for its next date. */
export type ScheduledNotification = NotificationRecord & { plan: Plan; nextAt: Date; fired: number }

const Records = model('Notification', schema)

export const Notification = Object.assign(Records, {
  /** Inserts many at once; answers the positions whose Idempotency-Key or wish was used before. */
  async insertNew(records: NotificationRecord[]): Promise<Set<number>> {
    try {
      await Records.collection.insertMany(records as never[], { ordered: false })
      return new Set()
    } catch (error) {
      return duplicatesOf(error)
    }
  },

  byId: (id: Id) => Records.findById(id).lean<NotificationRecord>(),

  async markQueued(ids: Id[]) {
    await Records.updateMany({ _id: { $in: ids }, state: 'expanding' }, { $set: { state: 'queued' } })
  },

  sealAnswer: (answer: object): Buffer => seal(JSON.stringify(answer)),
  openAnswer: (sealed: Uint8Array): object => JSON.parse(open(sealed).toString()),

  byIdempotencyKey: (apiKey: Id, idempotencyKey: string) =>
    Records.findOne({ apiKey, idempotencyKey }, { audience: 0 }).lean<NamedNotification & { answer: Buffer }>(),

  /** What was interrupted, of what was made before this; one at a time, since an audience may be large. */
  nextExpanding: (bot: Id, madeBefore: Date) =>
    Records.findOne({ bot, state: 'expanding', madeAt: { $lt: madeBefore } }).lean<NotificationRecord>(),

  /** By our id, or by the caller's reference (the latest that carries it); without its audience. */
  named: (bot: Id, name: { notificationId: string } | { reference: string }) =>
    'reference' in name
      ? Records.findOne({ bot, reference: name.reference }, { audience: 0 }).sort({ _id: -1 }).lean<NamedNotification>()
      : Records.findOne({ bot, _id: name.notificationId }, { audience: 0 }).lean<NamedNotification>(),

  /** The latest with this reference that waits for its next date; without its audience. */
  scheduledNamed: (bot: Id, reference: string) =>
    Records.findOne({ bot, reference, state: 'scheduled' }, { audience: 0 })
      .sort({ _id: -1 })
      .lean<NamedNotification>(),

  /** What these say and how weighty it is, without their audiences. */
  contents: (ids: Id[]) =>
    Records.find({ _id: { $in: ids } }, { content: 1, state: 1, critical: 1, own: 1 }).lean<SaidNotification[]>(),

  /** One of a bot that waits for its next date. */
  scheduled: (bot: Id, id: string) =>
    isValidObjectId(id) ? Records.findOne({ _id: id, bot, state: 'scheduled' }).lean<ScheduledNotification>() : null,

  /** One whose date has come; null when it has been moved on, or cancelled. */
  scheduledAt: (id: string, nextAt: Date) =>
    Records.findOne({ _id: id, state: 'scheduled', nextAt }).lean<ScheduledNotification>(),

  /** What has fallen due, the earliest first. */
  due: (now: Date, limit: number) =>
    Records.find({ state: 'scheduled', nextAt: { $lte: now } })
      .sort({ nextAt: 1, _id: 1 })
      .limit(limit)
      .lean<ScheduledNotification[]>(),

  /** What no job waits for. */
  unarmed: (limit: number) =>
    Records.find({ armed: false }, { nextAt: 1 }).limit(limit).lean<Pick<ScheduledNotification, '_id' | 'nextAt'>[]>(),

  async noteArmed(id: Id, nextAt: Date) {
    await Records.updateOne({ _id: id, nextAt }, { $unset: { armed: 1 } })
  },

  /**
   * Moves the plan on from the date whose turn has come; `counted` if it fired. No `next` ends it. Answers whether
   * this call moved it: not when
   * somebody else has, or it was cancelled.
   */
  async advance(
    { _id, nextAt }: Pick<ScheduledNotification, '_id' | 'nextAt'>,
    { next, counted }: { next: Date | undefined; counted: boolean },
  ): Promise<boolean> {
    const fields = next
      ? { $set: { nextAt: next, armed: false } }
      : { $set: { state: 'finished' as const }, $unset: { nextAt: 1, armed: 1 } }
    const change = { ...fields, ...(counted && { $inc: { fired: 1 } }) }
    return (await Records.updateOne({ _id, state: 'scheduled', nextAt }, change)).matchedCount === 1
  },

  /** Nothing more of it is to be said. What has had its last date stays finished. */
  async cancel(id: Id) {
    await Records.updateOne(
      { _id: id, state: { $in: ['expanding', 'queued', 'scheduled'] } },
      { $set: { state: 'cancelled' }, $unset: { nextAt: 1, armed: 1 } },
    )
  },

  /** Drops what was written for one person alone. What is still to be written for others stays. */
  async forget(bot: Id, ids: Id[], { personId, userId }: { personId: number; userId?: string | null | undefined }) {
    const persons = { $in: [[], [personId]] }
    const userIds = { $in: [[], ...(userId ? [[userId]] : [])] }
    await Records.deleteMany({
      ...{ bot, _id: { $in: ids }, state: { $ne: 'scheduled' } },
      ...{ 'audience.everybody': { $ne: true }, 'audience.chats': { $in: [null, []] } },
      ...{ 'audience.persons': persons, 'audience.userIds': userIds },
    } as never)
  },

  byWish: (bot: Id, wish: string) => Records.findOne({ bot, wish }).lean<NotificationRecord>(),

  isCancelled: async (id: Id) => (await Records.exists({ _id: id, state: 'cancelled' })) !== null,

  /** One page of a bot's scheduled ones in the order they were made. */
  scheduledAfter: (bot: Id, { after, limit }: { after?: string | undefined; limit: number }) =>
    Records.find({ bot, state: 'scheduled', ...(after && { _id: { $gt: after } }) })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<ScheduledNotification[]>(),

  /** One page of a bot's scheduled ones, the next first, and how many there are in all. */
  async scheduledPage(bot: Id, { skip, limit }: { skip: number; limit: number }) {
    const filter = { bot, state: 'scheduled' as const }
    const [schedules, total] = await Promise.all([
      Records.find(filter).sort({ nextAt: 1, _id: 1 }).skip(skip).limit(limit).lean<ScheduledNotification[]>(),
      Records.countDocuments(filter),
    ])
    return { schedules, total }
  },

  async scheduledIds(bot: Id): Promise<Id[]> {
    const scheduled = await Records.find({ bot, state: 'scheduled' }, { _id: 1 }).lean<{ _id: Id }[]>()
    return scheduled.map(({ _id }) => _id)
  },
})
