import type { Types } from 'mongoose'
import { Delivery, type DeliveryRecord, finalStates } from './delivery.ts'
import { storeTime } from './store-clock.ts'

type Id = Types.ObjectId

/** What is asked for singly leaves after what is said together, which is written meanwhile. */
const afterTogetherMs = 1_000

/** What waits until somebody asks for it: it comes by itself no more, but expires. */
const untilAskedFor = { $in: ['pause', 'mute'] as const }
const waits = (bot: Id, personId: number) => ({
  bot,
  held: untilAskedFor,
  personId,
  state: 'queued' as const,
  mergedInto: null,
})

/** Deliveries that wait for their person, and those that are said together as one. */
export const HeldDeliveries = {
  /** How many wait until a person asks for them. */
  count: (bot: Id, personId: number): Promise<number> => Delivery.countDocuments(waits(bot, personId) as never),

  /** The latest of these, in the order they were written. */
  async latest(bot: Id, personId: number, limit: number): Promise<DeliveryRecord[]> {
    const found = await Delivery.find(waits(bot, personId) as never)
      .sort({ _id: -1 })
      .limit(limit)
      .lean<DeliveryRecord[]>()
    return found.reverse()
  },

  /** Lets these go although their person has paused, since they were asked for. */
  async release(ids: Id[]): Promise<void> {
    const nextAt = new Date(storeTime().getTime() + afterTogetherMs)
    const change = { $set: { nextAt, askedFor: true, held: null } }
    await Delivery.updateMany({ _id: { $in: ids }, state: 'queued', mergedInto: null }, change)
  },

  /** Lets the dispatcher judge anew what waits for these persons' quiet hours. */
  async reconsider(bot: Id, personId: number): Promise<void> {
    await Delivery.updateMany(
      { bot, held: 'quiet', personId, state: 'queued', mergedInto: null },
      { $set: { nextAt: storeTime() } },
    )
  },

  /** Lets one go that was held just as its reason went away. */
  async letGo(id: Id): Promise<void> {
    await Delivery.updateOne(
      { _id: id, state: 'queued', mergedInto: null },
      { $set: { nextAt: storeTime(), held: null } },
    )
  },

  /** Gives these to a notification to come, unless they were given to another or are over. */
  async claim(ids: Id[], mergedInto: Id): Promise<void> {
    await Delivery.updateMany(
      { _id: { $in: ids }, state: 'queued', mergedInto: null, unwanted: { $ne: true } },
      { $set: { mergedInto } },
    )
  },

  /** What was given to a notification and has not ended, in the order it fell due. */
  claimedBy: (mergedInto: Id, bot: Id) =>
    Delivery.find({ bot, mergedInto, state: 'queued' }).sort({ dueAt: 1, _id: 1 }).lean<DeliveryRecord[]>(),

  /** The notifications to which something was given that has not ended. */
  carriers: (bot: Id): Promise<Id[]> =>
    Delivery.distinct('mergedInto', { bot, state: 'queued', mergedInto: { $exists: true } }),

  /** The same of what one person had asked for. */
  carriersOf: (bot: Id, personId: number): Promise<Id[]> =>
    Delivery.distinct('mergedInto', {
      ...{ bot, personId, held: untilAskedFor, state: 'queued', mergedInto: { $exists: true, $ne: null } },
    } as never),

  /** Ends what was given to a notification as that one's delivery has ended; while it is under way nothing changes. */
  async settle(bot: Id, mergedInto: Id): Promise<void> {
    const carrier = await Delivery.findOne({
      notification: mergedInto,
      state: { $in: [...finalStates] },
    }).lean<DeliveryRecord | null>()
    if (!carrier) return
    const { state, attempts, possibleDuplicates, messageIds, error, finishedAt } = carrier
    await Delivery.updateMany(
      { bot, mergedInto, state: 'queued' },
      { $set: { state, attempts, possibleDuplicates, messageIds, finishedAt, ...(error != null && { error }) } },
    )
  },
}
