import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
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
}

/** Whom it is for: the users that were asked for, and the persons that they and the keys (whose digits are not kept) turned out to be. */
const audience = new Schema(
  { userIds: { type: [String], default: [] }, persons: { type: [Number], default: [] } },
  { _id: false },
)

/**
 * What to say, to whom, when; also the record of the call that asked for it. Written as `expanding` with its audience before the
 * deliveries, `queued` after them: a restart resumes what was expanding.
 */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  madeAt: { type: Date, required: true },
  madeBy: { type: Schema.Types.Mixed, required: true },
  state: { type: String, enum: ['expanding', 'queued'], required: true },
  dueAt: { type: Date, required: true },
  expiresAt: { type: Date },
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
schema.index(
  { apiKey: 1, idempotencyKey: 1 },
  { unique: true, partialFilterExpression: { idempotencyKey: { $exists: true } } },
)

export type NotificationRecord = Omit<InferSchemaType<typeof schema>, 'content'> & { _id: Id; content: Content }
export type NamedNotification = Omit<NotificationRecord, 'audience'>

const Records = model('Notification', schema)

export const Notification = Object.assign(Records, {
  /** Inserts many at once; answers the positions whose Idempotency-Key was used before. */
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
    await Records.updateMany({ _id: { $in: ids } }, { $set: { state: 'queued' } })
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

  /** What these say, without their audiences. */
  contents: (ids: Id[]) =>
    Records.find({ _id: { $in: ids } }, { content: 1 }).lean<Pick<NotificationRecord, '_id' | 'content'>[]>(),
})
