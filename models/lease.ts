import { type InferSchemaType, model, Schema, type Types } from 'mongoose'

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
    const free = seize ? {} : { $expr: { $or: [{ $lt: ['$until', '$$NOW'] }, { $eq: ['$owner', owner] }] } }
    try {
      const lease = await Records.findOneAndUpdate(
        { _id: bot, ...free },
        [{ $set: { owner, epoch: { $add: [{ $ifNull: ['$epoch', 0] }, 1] }, until: ends(ms) } }],
        { upsert: true, returnDocument: 'after', updatePipeline: true },
      ).lean<LeaseRecord>()
      return lease?.epoch
    } catch (error) {
      // The upsert found the record held by another: that is an answer, not a failure.
      if ((error as { code?: number }).code === 11000) return undefined
      throw error
    }
  },

  /** Prolongs a lease that is still this epoch's. */
  async renew(bot: Types.ObjectId, epoch: number, ms: number): Promise<boolean> {
    const renewed = await Records.updateOne({ _id: bot, epoch }, [{ $set: { until: ends(ms) } }], {
      updatePipeline: true,
    })
    return renewed.matchedCount === 1
  },

  async release(bot: Types.ObjectId, epoch: number) {
    await Records.updateOne({ _id: bot, epoch }, [{ $set: { until: '$$NOW' } }], { updatePipeline: true })
  },
})
