import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { msOf } from '../config/duration.ts'
import type { Content, FollowUp, LocalText } from './notification.ts'
import { storeTime } from './store-clock.ts'

type Id = Types.ObjectId

/**
 * A scene that began with something delivered, and has no answer yet. `entry` is the update that began it; `turn`
 * counts what was put into
 * the lane of its chat, which alone knows whether an answer is still awaited.
 */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  entry: { type: String, required: true },
  chat: { type: Number, required: true },
  personId: { type: Number, required: true },
  /** A `Following`. */
  following: { type: Schema.Types.Mixed, required: true },
  askedAt: { type: Date, required: true },
  turn: { type: Number, required: true },
  nextAt: { type: Date, required: true },
})
schema.index({ bot: 1, entry: 1 }, { unique: true })
schema.index({ bot: 1, personId: 1 })
schema.index({ nextAt: 1 })

/** What follows without an answer, and how its texts are formatted. */
export type Following = FollowUp & Pick<Content, 'format'>
export type ReminderRecord = Omit<InferSchemaType<typeof schema>, 'following'> & { _id: Id; following: Following }

/** One thing to do so long after the question: to say something, and perhaps to leave the scene. */
export type Turn = { afterMs: number; text?: LocalText; leave: boolean }

const Records = model('Reminder', schema)

export const Reminder = Object.assign(Records, {
  /** Begins with a question; once for an entry. Undefined when nothing follows. */
  async begin(of: Pick<ReminderRecord, 'bot' | 'entry' | 'chat' | 'personId' | 'following'>) {
    const { bot, entry } = of
    const [first] = turnsOf(of.following)
    if (!first) return undefined
    const askedAt = storeTime()
    const fields = { ...of, askedAt, turn: 0, nextAt: new Date(askedAt.getTime() + first.afterMs) }
    const options = { upsert: true, returnDocument: 'after' as const }
    return Records.findOneAndUpdate({ bot, entry }, { $setOnInsert: fields }, options).lean<ReminderRecord>().orFail()
  },

  /** One whose date has come; null when it has been moved on, or dropped. */
  at: (id: string, nextAt: Date) => Records.findOne({ _id: id, nextAt }).lean<ReminderRecord>(),

  /** What has fallen due, the earliest first. */
  due: (now: Date, limit: number) =>
    Records.find({ nextAt: { $lte: now } })
      .sort({ nextAt: 1 })
      .limit(limit)
      .lean<ReminderRecord[]>(),

  /** What it is the turn of. */
  turn: ({ following, turn }: ReminderRecord): Turn | undefined => turnsOf(following)[turn],

  /** Moves it on to its next turn; after the last it is gone. Answers the next date, if this call moved it. */
  async advance({ _id, following, askedAt, turn }: ReminderRecord): Promise<Date | undefined> {
    const next = turnsOf(following)[turn + 1]
    if (!next) {
      await Records.deleteOne({ _id, turn })
      return undefined
    }
    const nextAt = new Date(askedAt.getTime() + next.afterMs)
    const { modifiedCount } = await Records.updateOne({ _id, turn }, { $set: { turn: turn + 1, nextAt } })
    return modifiedCount === 1 ? nextAt : undefined
  },

  /** Whoever is not to be spoken to is not reminded of anything. */
  async dropOf(bot: Id, personId: number) {
    await Records.deleteMany({ bot, personId })
  },

  /** There is an answer, or nobody asks any more. */
  async drop(bot: Id, entry: string) {
    await Records.deleteOne({ bot, entry })
  },

  ofPerson: (bot: Id, personId: number) => Records.find({ bot, personId }).lean<ReminderRecord[]>(),

  async forget(bot: Id, personId: number) {
    await Records.deleteMany({ bot, personId })
  },
})

/** In the order of their time. What would come with or after the end does not come. */
function turnsOf({ remind, giveUp }: FollowUp): Turn[] {
  const endMs = giveUp ? msOf(giveUp.after) : Number.POSITIVE_INFINITY
  const reminders = Array.from({ length: remind?.times ?? 1 }, (_, nth) => remind && msOf(remind.after) * (nth + 1))
  return [
    ...reminders.flatMap((afterMs) =>
      remind && afterMs !== undefined && afterMs < endMs ? { afterMs, text: remind.text, leave: false } : [],
    ),
    ...(giveUp ? [{ afterMs: endMs, ...(giveUp.text !== undefined && { text: giveUp.text }), leave: true }] : []),
  ]
}
