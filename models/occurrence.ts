import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { duplicatesOf } from './update.ts'

type Id = Types.ObjectId

/** Whom it turned out to reach: empty again once its deliveries are written, which name them. */
const audience = new Schema(
  { persons: { type: [Number], required: true }, chats: { type: [String], default: undefined } },
  { _id: false },
)

/**
 * One time that a scheduled notification fell due. Written as `expanding` with its audience before the deliveries, `queued` after them: whoever
 * finds it expanding resumes it. `missed` ones never went out: Rookery was down from `dueAt` until `missedUntil`.
 */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  notification: { type: Schema.Types.ObjectId, required: true },
  dueAt: { type: Date, required: true },
  /** When its turn came, which is later when Rookery was down. */
  firedAt: { type: Date, required: true },
  state: { type: String, enum: ['expanding', 'queued', 'missed', 'cancelled'], required: true },
  audience: { type: audience },
  expiresAt: { type: Date },
  missedUntil: { type: Date },
  /** An admin wished for it beside the plan. */
  extra: { type: Boolean },
})
schema.index({ notification: 1, dueAt: 1 }, { unique: true })
schema.index({ firedAt: 1 }, { partialFilterExpression: { state: 'expanding' }, name: 'expanding' })
schema.index({ bot: 1 })

export type OccurrenceRecord = InferSchemaType<typeof schema> & { _id: Id }

const Records = model('Occurrence', schema)

export const Occurrence = Object.assign(Records, {
  /** Inserts many at once; answers the positions whose notification has one of that date already. */
  async insertNew(records: OccurrenceRecord[]): Promise<Set<number>> {
    try {
      await Records.collection.insertMany(records as never[], { ordered: false })
      return new Set()
    } catch (error) {
      return duplicatesOf(error)
    }
  },

  at: (notification: Id, dueAt: Date) => Records.findOne({ notification, dueAt }).lean<OccurrenceRecord>(),

  async finish(ids: Id[], state: 'queued' | 'cancelled') {
    await Records.updateMany({ _id: { $in: ids }, state: 'expanding' }, { $set: { state }, $unset: { audience: 1 } })
  },

  /** Those that somebody began to write before this and did not finish. */
  leftExpanding: (before: Date, limit: number) =>
    Records.find({ state: 'expanding', firedAt: { $lt: before } })
      .sort({ firedAt: 1 })
      .limit(limit)
      .lean<OccurrenceRecord[]>(),

  /** The latest of a notification, without their audiences. */
  latest: (notification: Id, limit: number) =>
    Records.find({ notification }, { audience: 0 }).sort({ dueAt: -1 }).limit(limit).lean<OccurrenceRecord[]>(),
})
