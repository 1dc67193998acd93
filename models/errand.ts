import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { storeTime } from './store-clock.ts'

type Id = Types.ObjectId

/**
 * What a directory has to be told until it has heard it: that a person connected a bot, which holds the link back as
 * long, or disconnected
 * it. `key` names the wish, for the directory too: a repeat is known by it. A person has one wish to connect at a time.
 */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  personId: { type: Number, required: true },
  what: { type: String, enum: ['connect', 'disconnect'], required: true },
  userId: { type: String, required: true },
  key: { type: String, required: true },
  /** A `Joining`: what the link will be, once it is there. */
  joining: { type: Schema.Types.Mixed },
  madeAt: { type: Date, required: true },
  attempts: { type: Number, required: true },
  nextAt: { type: Date, required: true },
  /** Whether a job is still to be set for `nextAt`. */
  armed: { type: Boolean },
})
schema.index(
  { bot: 1, personId: 1 },
  { unique: true, partialFilterExpression: { what: 'connect' }, name: 'connecting' },
)
schema.index({ key: 1 }, { unique: true })
schema.index({ nextAt: 1 })
schema.index({ armed: 1 }, { partialFilterExpression: { armed: false }, name: 'unarmed' })

/** What is known of a link to be: all that a person's record will hold of the account. */
export type Joining = {
  /** The person was linked to this user before. */
  again?: boolean
  /** The directory connected the person by itself, and need not be told. */
  accepted?: boolean
  /** Beside the user's other persons, not in their place. */
  share?: boolean
  role?: string
  /** The directory calls the account inactive. */
  inactive?: boolean
  phonePrint?: string
  known?: Record<string, string>
}

export type ErrandRecord = Omit<InferSchemaType<typeof schema>, 'joining' | 'what'> & {
  _id: Id
  what: 'connect' | 'disconnect'
  joining?: Joining | null
}
type NewErrand = Pick<ErrandRecord, 'bot' | 'personId' | 'userId' | 'key'> & { joining?: Joining }

const Records = model('Errand', schema)

/** The pause after the first failure, the second …; the last holds for all that follow. */
const pausesMs = [5_000, 15_000, 60_000, 300_000, 1_800_000]
/** By then somebody has finished it, or the process that took it died. */
const takenForMs = 60_000

export const Errand = Object.assign(Records, {
  /** The wish to connect, in place of an earlier one of this person; the same wish once more is the same errand. */
  async connect({ bot, personId, ...wish }: NewErrand): Promise<ErrandRecord> {
    const now = storeTime()
    await Records.deleteOne({ bot, personId, what: 'connect', key: { $ne: wish.key } })
    return Records.findOneAndUpdate(
      { bot, personId, what: 'connect' },
      {
        $set: { ...wish },
        $setOnInsert: { madeAt: now, attempts: 0, nextAt: new Date(now.getTime() + takenForMs), armed: false },
      },
      { upsert: true, returnDocument: 'after' },
    )
      .lean<ErrandRecord>()
      .orFail()
  },

  async disconnect(wish: NewErrand): Promise<ErrandRecord> {
    const now = storeTime()
    return Records.findOneAndUpdate(
      { key: wish.key },
      { $setOnInsert: { ...wish, what: 'disconnect', madeAt: now, attempts: 0, nextAt: now, armed: false } },
      { upsert: true, returnDocument: 'after' },
    )
      .lean<ErrandRecord>()
      .orFail()
  },

  byId: (id: Id | string) => Records.findById(id).lean<ErrandRecord>(),

  /** The link of a person that is being held back. */
  connecting: (bot: Id, personId: number) => Records.findOne({ bot, personId, what: 'connect' }).lean<ErrandRecord>(),

  /** All that the directory still has to hear of a person. */
  ofPerson: (bot: Id, personId: number) => Records.find({ bot, personId }).lean<ErrandRecord[]>(),

  /** Whether it is still wished for. */
  stands: async ({ _id, key }: Pick<ErrandRecord, '_id' | 'key'>) => (await Records.exists({ _id, key })) !== null,

  /** Who is just being connected to this user. */
  connectingTo: (bot: Id, userId: string) => Records.find({ bot, userId, what: 'connect' }).lean<ErrandRecord[]>(),

  /** Takes an errand whose time has come, for as long as an attempt may last; null when somebody else has it. */
  take: (id: Id | string, nextAt: Date) =>
    Records.findOneAndUpdate(
      { _id: id, nextAt },
      { $set: { nextAt: new Date(storeTime().getTime() + takenForMs), armed: false }, $inc: { attempts: 1 } },
      { returnDocument: 'after' },
    ).lean<ErrandRecord>(),

  /** The directory did not hear it: later again. */
  async postpone({ _id, key, attempts }: ErrandRecord) {
    const pause = pausesMs[Math.max(0, attempts - 1)] ?? pausesMs.at(-1) ?? 0
    const nextAt = new Date(storeTime().getTime() + pause)
    await Records.updateOne({ _id, key }, { $set: { nextAt, armed: false } })
  },

  async done({ _id, key }: Pick<ErrandRecord, '_id' | 'key'>) {
    await Records.deleteOne({ _id, key })
  },

  /** What no job waits for. */
  unarmed: (limit: number) =>
    Records.find({ armed: false }, { nextAt: 1 }).limit(limit).lean<Pick<ErrandRecord, '_id' | 'nextAt'>[]>(),

  async noteArmed(id: Id, nextAt: Date) {
    await Records.updateOne({ _id: id, nextAt }, { $unset: { armed: 1 } })
  },

  /** What should have been tried by this date: its job was lost, and another is to be set. */
  async disarm(before: Date) {
    await Records.updateMany({ nextAt: { $lte: before }, armed: { $exists: false } }, { $set: { armed: false } })
  },

  /** Drops the wishes to connect of a person. */
  async giveUp(bot: Id, personId: number) {
    await Records.deleteOne({ bot, personId, what: 'connect' })
  },
})
