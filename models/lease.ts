import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { storeTime } from './store-clock.ts'

/** Which process runs a bot: `_id` is the bot's record, `epoch` grows with each holder, `until` is by the database's clock. */
const schema = new Schema({
  _id: { type: Schema.Types.ObjectId, required: true },
  owner: { type: String, required: true },
  epoch: { type: Number, required: true },
  until: { type: Date, required: true },
})
export type LeaseRecord = InferSchemaType<typeof schema>

const Records = model('Lease', schema)
const ends = (ms: number) => ({ $add: ['$$NOW', ms] })

export const Lease = Object.assign(Records, {
  /**
   * Takes the lease of a bot if it is free, has ended, or is this owner's. Answers the epoch, or undefined while another holds it.
   * `seize` takes it from whoever holds it: only for a store that serves no other process.
   */
  async take(bot: Types.ObjectId, owner: string, ms: number, seize = false): Promise<number | undefined> {
    // A record apart from the taking: MongoDB knows no $expr in the filter of an upsert.
    await Records.updateOne(
      { _id: bot },
      { $setOnInsert: { owner: '', epoch: 0, until: new Date(0) } },
      { upsert: true },
    )
    const free = seize ? {} : { $expr: { $or: [{ $lt: ['$until', '$$NOW'] }, { $eq: ['$owner', owner] }] } }
    const lease = await Records.findOneAndUpdate(
      { _id: bot, ...free },
      [{ $set: { owner, epoch: { $add: ['$epoch', 1] }, until: ends(ms) } }],
      { returnDocument: 'after', updatePipeline: true },
    ).lean<LeaseRecord>()
    return lease?.epoch
  },

  /** Prolongs a lease that is still this epoch's. */
  async renew(bot: Types.ObjectId, epoch: number, ms: number): Promise<boolean> {
    const renewed = await Records.updateOne({ _id: bot, epoch }, [{ $set: { until: ends(ms) } }], {
      updatePipeline: true,
    })
    return renewed.matchedCount === 1
  },

  /** Which of these bots some process holds now. */
  async held(bots: string[]): Promise<Set<string>> {
    const found = await Records.find({ _id: { $in: bots }, until: { $gte: storeTime() } }, { _id: 1 }).lean()
    return new Set(found.map(({ _id }) => String(_id)))
  },

  async release(bot: Types.ObjectId, epoch: number) {
    await Records.updateOne({ _id: bot, epoch }, [{ $set: { until: '$$NOW' } }], { updatePipeline: true })
  },
})
