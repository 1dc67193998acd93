import { type InferSchemaType, model, mongo, Schema, type Types } from 'mongoose'
import type { Locale } from '../config/locales.ts'
import { storeTime } from './store-clock.ts'
import { duplicatesOf } from './update.ts'

type Id = Types.ObjectId

export const finalStates = ['sent', 'failed', 'dead', 'stopped', 'cancelled', 'expired', 'unknown'] as const
export const deliveryStates = ['queued', 'sending', ...finalStates] as const
export type DeliveryState = (typeof deliveryStates)[number]
export type DeliveryCounts = Partial<Record<DeliveryState, number>>

/** Why it waits for its person: they have paused, wish for nothing but what is critical, or it is their quiet hours. */
export const holds = ['pause', 'mute', 'quiet'] as const
export type Hold = (typeof holds)[number]

/**
 * What one occurrence of a notification sends to one chat. The states of an occurrence's deliveries add up to its
 * audience.
 */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  notification: { type: Schema.Types.ObjectId, required: true },
  /** The occurrence: the notification's id and its due date (ms), `id:ms`. */
  occurrence: { type: String, required: true },
  chat: { type: Number, required: true },
  /** Whose private chat it is; a group has none, but the name that it was called by. */
  personId: { type: Number },
  userId: { type: String },
  chatName: { type: String },
  locale: { type: String, required: true },
  state: { type: String, enum: deliveryStates, required: true },
  dueAt: { type: Date, required: true },
  /** Not before this: the due date, later the next try. */
  nextAt: { type: Date, required: true },
  expiresAt: { type: Date },
  once: { type: Boolean, default: false },
  /** Tries, also the one that came through; but for those that a 429 refused. */
  attempts: { type: Number, default: 0 },
  /** How many messages of a text that needs several are out. */
  partsOut: { type: Number, default: 0 },
  messageIds: { type: [Number], default: [] },
  /** How often a message may have gone out twice: sent again although the first try may have arrived. */
  possibleDuplicates: { type: Number, default: 0 },
  error: { type: String },
  /** Who marked it as being sent, anew each time: whoever else judges the send later has nothing to say. */
  marking: { type: Schema.Types.ObjectId },
  /** Nothing more is to be sent of it: what is under way at a disconnect is not tried again. */
  unwanted: { type: Boolean },
  /** What it waits for beside `nextAt`; it goes on counting as queued. */
  held: { type: String, enum: [...holds, null] },
  /** The person has asked for what waited: no pause holds it any more. */
  askedFor: { type: Boolean },
  /** The notification that says it together with others; it ends as that one does. */
  mergedInto: { type: Schema.Types.ObjectId },
  /** Others are merged into its notification. */
  carrier: { type: Boolean },
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
schema.index(
  { bot: 1, held: 1, personId: 1, _id: 1 },
  { partialFilterExpression: { state: 'queued', held: { $exists: true } }, name: 'held' },
)
schema.index(
  { bot: 1, mergedInto: 1 },
  { partialFilterExpression: { state: 'queued', mergedInto: { $exists: true } }, name: 'merged' },
)
schema.index({ bot: 1, personId: 1, _id: 1 })

export type DeliveryRecord = Omit<InferSchemaType<typeof schema>, 'locale' | 'state' | 'held'> & {
  _id: Id
  locale: Locale
  state: DeliveryState
  held?: Hold | null
}

/** How a delivery fared, and the mark under which it was sent. */
export type Acknowledgement = { id: Id; marking?: Id | null | undefined; fields: Partial<DeliveryRecord> }

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

  /**
   * What is due, in the order it fell due, but for the chats that the dispatcher is busy with, what is `unwritten`,
   * and what another says.
   */
  due: (
    bot: Id,
    { now, busyChats, unwritten, limit }: { now: Date; busyChats: number[]; unwritten: Id[]; limit: number },
  ) =>
    Records.find({
      bot,
      state: 'queued',
      nextAt: { $lte: now },
      mergedInto: null,
      ...(busyChats.length > 0 && { chat: { $nin: busyChats } }),
      ...(unwritten.length > 0 && { _id: { $nin: unwritten } }),
    })
      .sort({ nextAt: 1, _id: 1 })
      .limit(limit)
      .lean<DeliveryRecord[]>(),

  /** What was tried and is to be tried again: it holds the later ones of its chat, unless it waits for its person. */
  retrying: (bot: Id, limit: number) =>
    Records.find({ bot, state: 'queued', attempts: { $gt: 0 }, held: null })
      .sort({ dueAt: 1, _id: 1 })
      .limit(limit)
      .lean<DeliveryRecord[]>(),

  /**
   * Marks what is about to be sent. Answers the mark, for `acknowledge`, and which have it: others were cancelled
   * meanwhile.
   */
  async markSending(ids: Id[]): Promise<{ marking: Id; marked: Set<string> }> {
    const marking = new mongo.ObjectId()
    const { modifiedCount } = await Records.collection.updateMany(
      { _id: { $in: ids }, state: 'queued', unwanted: { $ne: true }, mergedInto: null },
      { $set: { state: 'sending', marking } },
    )
    if (modifiedCount === ids.length) return { marking, marked: new Set(ids.map(String)) }
    const found = await Records.find({ _id: { $in: ids }, marking }, { _id: 1 }).lean<{ _id: Id }[]>()
    return { marking, marked: new Set(found.map(({ _id }) => String(_id))) }
  },

  /**
   * Writes down how sends went; without a `marking`, what became of one that was not being sent. What somebody else
   * has finished or marked
   * since stays as it is. What is unwanted is not queued again.
   */
  async acknowledge(changes: Acknowledgement[]): Promise<void> {
    const updates = changes.flatMap(({ id, marking, fields }): { filter: object; fields: object }[] => {
      const own = { _id: id, ...(marking ? { marking, state: { $in: ['queued', 'sending'] } } : { state: 'queued' }) }
      if (fields.state !== 'queued') return [{ filter: own, fields }]
      return [
        { filter: { ...own, unwanted: { $ne: true } }, fields },
        { filter: { ...own, unwanted: true }, fields: { ...fields, state: 'cancelled', finishedAt: storeTime() } },
      ]
    })
    const operations = updates.map(({ filter, fields }) => ({ updateOne: { filter, update: { $set: fields } } }))
    await Records.collection.bulkWrite(operations as never[], { ordered: false })
  },

  /** What is marked as being sent. */
  sending: (bot: Id) => Records.find({ bot, state: 'sending' }, { _id: 1 }).lean<{ _id: Id }[]>(),

  /**
   * What a crash left as being sent may have arrived: it is sent again, or, when at most once was asked for, its fate
   * is unknown.
   */
  async recover(ids: Id[], now = storeTime()): Promise<void> {
    const left = { _id: { $in: ids }, state: 'sending' as const }
    await Records.updateMany({ ...left, once: true }, { $set: { state: 'unknown' as const, finishedAt: now } })
    await Records.updateMany({ ...left, unwanted: true }, { $set: { state: 'cancelled' as const, finishedAt: now } })
    // The date stays: so it still goes before the later ones of its chat.
    await Records.updateMany(left, { $set: { state: 'queued' as const }, $inc: { attempts: 1, possibleDuplicates: 1 } })
  },

  /**
   * Cancels what waits for a person: on disconnect, /stop, block. What is being sent just now may still arrive, but
   * is not tried again.
   */
  cancel: (bot: Id, personId: number) => cancelAmong({ bot, personId }),

  /** Cancels what waits of a notification, in the same way. */
  cancelNotification: (notification: Id) => cancelAmong({ notification }),

  /** What was ever sent to a person, or was to be, the latest first. */
  ofPerson: (bot: Id, personId: number, limit: number) =>
    Records.find({ bot, personId }).sort({ _id: -1 }).limit(limit).lean<DeliveryRecord[]>(),

  /** The notifications of which something was sent to this person and to nobody else, or was to be. */
  async notificationsOfOne(bot: Id, personId: number): Promise<Id[]> {
    const ids: Id[] = await Records.distinct('notification', { bot, personId })
    const others = await Records.distinct('notification', { notification: { $in: ids }, personId: { $ne: personId } })
    const shared = new Set(others.map(String))
    return ids.filter((id) => !shared.has(String(id)))
  },

  async forget(bot: Id, personId: number) {
    await Records.deleteMany({ bot, personId })
  },

  /** What waits for a group goes to its new id. */
  async moveChat(bot: Id, from: number, to: number) {
    await Records.updateMany({ bot, chat: from, state: { $in: ['queued', 'sending'] } }, { $set: { chat: to } })
  },

  /** How many of a notification's deliveries are in each state; of one of its occurrences if a date is given. */
  async counts(notification: Id, dueAt?: Date): Promise<DeliveryCounts> {
    const groups = await Records.aggregate<{ _id: DeliveryState; count: number }>([
      { $match: ofOccurrence(notification, dueAt) },
      { $group: { _id: '$state', count: { $sum: 1 } } },
    ])
    return Object.fromEntries(groups.map(({ _id, count }) => [_id, count]))
  },

  /**
   * One page of a notification's deliveries, in the order they were written; of one of its occurrences if a date is
   * given.
   */
  ofNotification: (
    notification: Id,
    { after, limit, dueAt }: { after?: string | undefined; limit: number; dueAt?: Date | undefined },
  ) =>
    Records.find({ ...ofOccurrence(notification, dueAt), ...(after && { _id: { $gt: after } }) })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<DeliveryRecord[]>(),
})

/** The name of an occurrence. */
export function occurrenceId(notification: Id, dueAt: Date): string {
  return `${notification}:${dueAt.getTime()}`
}

function ofOccurrence(notification: Id, dueAt: Date | undefined) {
  return dueAt ? { occurrence: occurrenceId(notification, dueAt) } : { notification }
}

async function cancelAmong(whose: { bot: Id; personId: number } | { notification: Id }): Promise<void> {
  // First the wish: between the two nothing that it has reached can be marked as being sent.
  await Records.updateMany({ ...whose, state: { $in: ['queued', 'sending'] } }, { $set: { unwanted: true } })
  await Records.updateMany(
    { ...whose, state: 'queued', unwanted: true },
    { $set: { state: 'cancelled', finishedAt: storeTime() } },
  )
}
