import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import type { Locale } from '../config/locales.ts'
import { duplicatesOf } from './update.ts'

type Id = Types.ObjectId

export const finalStates = ['sent', 'failed', 'dead', 'stopped', 'cancelled', 'expired', 'unknown'] as const
export const deliveryStates = ['queued', 'sending', ...finalStates] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** What one occurrence of a notification sends to one chat. The states of an occurrence's deliveries add up to its audience. */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  notification: { type: Schema.Types.ObjectId, required: true },
  /** The occurrence: the notification's id and its due date (ms), `id:ms`. */
  occurrence: { type: String, required: true },
  chat: { type: Number, required: true },
  personId: { type: Number, required: true },
  userId: { type: String },
  locale: { type: String, required: true },
  state: { type: String, enum: deliveryStates, required: true },
  dueAt: { type: Date, required: true },
  /** Not before this: the due date, later the next try. */
  nextAt: { type: Date, required: true },
  expiresAt: { type: Date },
  once: { type: Boolean, default: false },
  attempts: { type: Number, default: 0 },
  /** How many messages of a text that needs several are out. */
  partsOut: { type: Number, default: 0 },
  messageIds: { type: [Number], default: [] },
  /** How often a message may have gone out twice: sent again although the first try may have arrived. */
  possibleDuplicates: { type: Number, default: 0 },
  error: { type: String },
  finishedAt: { type: Date },
})
schema.index({ occurrence: 1, chat: 1 }, { unique: true })
// The chat is in the index because the dispatcher leaves out the chats that it is busy with.
schema.index({ bot: 1, nextAt: 1, _id: 1, chat: 1 }, { partialFilterExpression: { state: 'queued' }, name: 'due' })
schema.index(
  { bot: 1, dueAt: 1, _id: 1 },
  { partialFilterExpression: { state: 'queued', attempts: { $gt: 0 } }, name: 'retrying' },
)
schema.index({ bot: 1, state: 1 }, { partialFilterExpression: { state: 'sending' }, name: 'in-flight' })
schema.index({ notification: 1, _id: 1 })
schema.index({ bot: 1, personId: 1, _id: 1 })

export type DeliveryRecord = Omit<InferSchemaType<typeof schema>, 'locale' | 'state'> & {
  _id: Id
  locale: Locale
  state: DeliveryState
}

const Records = model('Delivery', schema)

export const Delivery = Object.assign(Records, {
  /** Inserts many at once; one that its occurrence has for this chat already is left as it is. */
  async insertNew(records: DeliveryRecord[]): Promise<void> {
    try {
      await Records.collection.insertMany(records as never[], { ordered: false })
    } catch (error) {
      duplicatesOf(error)
    }
  },

  /** What is due, in the order it fell due, but for the chats that the dispatcher is busy with and what is `unwritten`. */
  due: (
    bot: Id,
    { now, busyChats, unwritten, limit }: { now: Date; busyChats: number[]; unwritten: Id[]; limit: number },
  ) =>
    Records.find({
      bot,
      state: 'queued',
      nextAt: { $lte: now },
      ...(busyChats.length > 0 && { chat: { $nin: busyChats } }),
      ...(unwritten.length > 0 && { _id: { $nin: unwritten } }),
    })
      .sort({ nextAt: 1, _id: 1 })
      .limit(limit)
      .lean<DeliveryRecord[]>(),

  /** What was tried and is to be tried again: it holds the later ones of its chat. */
  retrying: (bot: Id, limit: number) =>
    Records.find({ bot, state: 'queued', attempts: { $gt: 0 } })
      .sort({ dueAt: 1, _id: 1 })
      .limit(limit)
      .lean<DeliveryRecord[]>(),

  /** Marks what is about to be sent; answers which of them still were to be sent: others were cancelled meanwhile. */
  async markSending(ids: Id[]): Promise<Set<string>> {
    const { modifiedCount } = await Records.collection.updateMany(
      { _id: { $in: ids }, state: 'queued' },
      { $set: { state: 'sending' } },
    )
    if (modifiedCount === ids.length) return new Set(ids.map(String))
    const marked = await Records.find({ _id: { $in: ids }, state: 'sending' }, { _id: 1 }).lean<{ _id: Id }[]>()
    return new Set(marked.map(({ _id }) => String(_id)))
  },

  /** Writes down how sends went. What has been finished by somebody else stays as it is. */
  async acknowledge(changes: { id: Id; fields: Partial<DeliveryRecord> }[]): Promise<void> {
    const updates = changes.map(({ id, fields }) => ({
      updateOne: { filter: { _id: id, state: { $in: ['queued', 'sending'] } }, update: { $set: fields } },
    }))
    await Records.collection.bulkWrite(updates as never[], { ordered: false })
  },

  /** What is marked as being sent. */
  sending: (bot: Id) => Records.find({ bot, state: 'sending' }, { _id: 1 }).lean<{ _id: Id }[]>(),

  /** What a crash left as being sent may have arrived: it is sent again, or, when at most once was asked for, its fate is unknown. */
  async recover(ids: Id[], now = new Date()): Promise<void> {
    const left = { _id: { $in: ids }, state: 'sending' as const }
    await Records.updateMany({ ...left, once: true }, { $set: { state: 'unknown' as const, finishedAt: now } })
    // The date stays: so it still goes before the later ones of its chat.
    await Records.updateMany(left, { $set: { state: 'queued' as const }, $inc: { attempts: 1, possibleDuplicates: 1 } })
  },

  /** Cancels what waits for a person: on disconnect, /stop, block. What is being sent just now still arrives. */
  async cancel(bot: Id, personId: number, now = new Date()): Promise<void> {
    await Records.updateMany({ bot, personId, state: 'queued' }, { $set: { state: 'cancelled', finishedAt: now } })
  },

  /** How many of a notification's deliveries are in each state. */
  async counts(notification: Id): Promise<Partial<Record<DeliveryState, number>>> {
    const groups = await Records.aggregate<{ _id: DeliveryState; count: number }>([
      { $match: { notification } },
      { $group: { _id: '$state', count: { $sum: 1 } } },
    ])
    return Object.fromEntries(groups.map(({ _id, count }) => [_id, count]))
  },

  /** One page of a notification's deliveries, in the order they were written. */
  ofNotification: (notification: Id, { after, limit }: { after?: string | undefined; limit: number }) =>
    Records.find({ notification, ...(after && { _id: { $gt: after } }) })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<DeliveryRecord[]>(),
})
