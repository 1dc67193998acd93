import type { Update as ChannelUpdate } from 'grammy/types'
import { type InferSchemaType, model, mongo, Schema, type Types } from 'mongoose'
import { laneOf } from '../bot-api/lane-of.ts'
import { open, seal } from '../config/vault.ts'
import { batched } from './batched.ts'
import { changes } from './changes.ts'
import type { LocalText } from './notification.ts'
import type { Following } from './reminder.ts'
import { newId, storeTime } from './store-clock.ts'

const keepDoneForHours = 96

/**
 * An update of a channel, stored before it is acknowledged. A done one keeps bot, id and time for 96 h, to refuse
 * repeats.
 */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  eventId: { type: String, required: true },
  lane: { type: String },
  payload: { type: Buffer },
  attempts: { type: Number },
  state: { type: String, enum: ['stored', 'dead'] },
  error: { type: String },
  receivedAt: { type: Date, required: true },
  doneAt: { type: Date },
})
schema.index({ bot: 1, eventId: 1 }, { unique: true })
schema.index({ bot: 1, state: 1, _id: 1 }, { partialFilterExpression: { state: { $exists: true } } })
schema.index({ doneAt: 1 }, { expireAfterSeconds: keepDoneForHours * 3600 })

export type UpdateRecord = InferSchemaType<typeof schema> & { _id: Types.ObjectId }
/** The scene that `entry` began may have no answer yet: what to say then, and whether to leave it. */
export type Overdue = { entry: string; text?: LocalText; format?: Following['format']; leave: boolean }
/**
 * What the inbox holds: an update of the channel, the wish to begin a scene in a chat once something was delivered
 * there, or the time for
 * what follows when such a scene has no answer.
 */
export type InboxPayload =
  | { update: ChannelUpdate }
  | { enter: { scene: string; args?: unknown } & Following; chat: number; personId: number }
  | { overdue: Overdue; chat: number; personId: number }
export type InboxEvent = { eventId: string; lane: string; payload: InboxPayload }

const Records = model('Update', schema)
/** What this process has stored itself and need not open again. */
const known = new WeakMap<UpdateRecord, InboxPayload>()
/** What a done update no longer keeps. */
const forgotten = { payload: 1, attempts: 1, state: 1, lane: 1, error: 1 } as const

export const Update = Object.assign(Records, {
  /**
   * Stores what is new, in order, and answers with it; repeats of what was stored before are left out. `attempts: 1`
   * counts the first
   * attempt right away, for who makes it next.
   */
  async store(bot: Types.ObjectId, events: InboxEvent[], attempts: 0 | 1 = 0): Promise<UpdateRecord[]> {
    const receivedAt = storeTime()
    const records = events.map(({ eventId, lane, payload }) => ({
      _id: newId(),
      ...{
        bot,
        eventId,
        lane,
        payload: seal(JSON.stringify(payload)),
        attempts,
        state: 'stored' as const,
        receivedAt,
      },
    }))
    const repeated = await insertNew(records)
    records.forEach((record, index) => {
      known.set(record, events[index]?.payload as InboxPayload)
    })
    return records.filter((_, index) => !repeated.has(index))
  },

  /** Stores what a messenger brought, by whichever way, as `store` does. */
  take: (bot: Types.ObjectId, events: { eventId: string; update: ChannelUpdate }[], attempts: 0 | 1 = 0) =>
    Update.store(
      bot,
      events.map(({ eventId, update }) => ({ eventId, lane: laneOf(update), payload: { update } })),
      attempts,
    ),

  /** The ids of the first of what was stored and not done, by the index alone: it is asked every second. */
  async open(bot: Types.ObjectId, limit: number): Promise<Types.ObjectId[]> {
    const found = await Records.find({ bot, state: 'stored' }, { _id: 1 }).sort({ _id: 1 }).limit(limit).lean()
    return found.map(({ _id }) => _id)
  },

  /** Those of these that are still not done, in the order of their ids. */
  async among(ids: Types.ObjectId[]): Promise<UpdateRecord[]> {
    if (ids.length === 0) return []
    return Records.find({ _id: { $in: ids }, state: 'stored' })
      .sort({ _id: 1 })
      .lean<UpdateRecord[]>()
  },

  waiting: (bot: Types.ObjectId) => Records.countDocuments({ bot, state: 'stored' }),
  dead: (bot: Types.ObjectId) => Records.countDocuments({ bot, state: 'dead' }),

  /**
   * Counts an attempt before it is made, and answers which it is; undefined when the update is done or dead already.
   */
  async attempt(id: Types.ObjectId): Promise<number | undefined> {
    const counted = { $inc: { attempts: 1 } }
    const record = await Records.findOneAndUpdate({ _id: id, state: 'stored' }, counted, {
      returnDocument: 'after',
    }).lean()
    return record?.attempts ?? undefined
  },

  /** Takes an attempt back that failed for no fault of the update. */
  async forgive(id: Types.ObjectId) {
    await Records.updateOne({ _id: id, state: 'stored' }, { $inc: { attempts: -1 } })
  },

  /** Concurrent calls share their write. */
  done: batched(async (ids: Types.ObjectId[]) => {
    await Records.collection.updateMany({ _id: { $in: ids } }, {
      $set: { doneAt: storeTime() },
      $unset: forgotten,
    } as never)
    return ids.map(() => undefined)
  }),

  async bury(id: Types.ObjectId, error: string) {
    await Records.updateOne({ _id: id, state: 'stored' }, { $set: { state: 'dead', error } })
  },

  /** One page of what died, the latest first. */
  deadOf: (bot: Types.ObjectId, { skip, limit }: { skip: number; limit: number }) =>
    Records.find({ bot, state: 'dead' }).sort({ _id: -1 }).skip(skip).limit(limit).lean<UpdateRecord[]>(),

  /**
   * Puts what died back into its lane, where it comes before all that arrived later; one, or all of a bot. Answers
   * how many.
   */
  async replay(bot: Types.ObjectId, id?: string): Promise<number> {
    const { modifiedCount } = await Records.updateMany(
      { bot, state: 'dead', ...(id && { _id: id }) },
      { $set: { state: 'stored', attempts: 0 }, $unset: { error: 1 } },
    )
    changes.emit('inbox', String(bot))
    return modifiedCount
  },

  /** Gives up what died; its id goes on refusing repeats. Answers how many. */
  async dismiss(bot: Types.ObjectId, id?: string): Promise<number> {
    const dead = { bot, state: 'dead' as const, ...(id && { _id: id }) }
    const { modifiedCount } = await Records.updateMany(dead, { $set: { doneAt: storeTime() }, $unset: forgotten })
    return modifiedCount
  },

  /** Gives up what died of a chat, so that it keeps nothing of it; its ids go on refusing repeats. */
  async forgetLane(bot: Types.ObjectId, lane: string) {
    const dead = { bot, lane, state: 'dead' as const }
    await Records.updateMany(dead, { $set: { doneAt: storeTime() }, $unset: forgotten })
  },

  payload: (record: UpdateRecord): InboxPayload => {
    const payload = known.get(record)
    if (payload) return payload
    if (!record.payload) throw new Error(`Update ${record._id} is done: it keeps no payload`)
    return JSON.parse(open(record.payload).toString())
  },
})

async function insertNew(records: object[]): Promise<Set<number>> {
  if (records.length === 0) return new Set()
  try {
    await Records.collection.insertMany(records, { ordered: false })
    return new Set()
  } catch (error) {
    return duplicatesOf(error)
  }
}

/** The positions that a unique index refused. @throws the error itself when anything else went wrong */
export function duplicatesOf(error: unknown): Set<number> {
  if (!(error instanceof mongo.MongoBulkWriteError)) throw error
  const errors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors]
  if (errors.some(({ code }) => code !== 11000)) throw error
  return new Set(errors.map(({ index }) => index))
}
