import { type InferSchemaType, model, Schema } from 'mongoose'
import { storeTime } from './store-clock.ts'

/** A process at work on this store, also one that runs no bot: `until` is by the database's clock, `servers` are those whose bots it runs. */
const schema = new Schema({
  _id: { type: String, required: true },
  servers: { type: [String], required: true },
  until: { type: Date, required: true },
})
schema.index({ until: 1 }, { expireAfterSeconds: 3600 })

type ProcessRecord = InferSchemaType<typeof schema>

const Records = model('Process', schema)

export const Process = Object.assign(Records, {
  /** Shows that this process lives, for so many milliseconds more. */
  async live(id: string, servers: string[], ms: number) {
    const fields = { servers, until: { $add: ['$$NOW', ms] } }
    await Records.updateOne({ _id: id }, [{ $set: fields }], { upsert: true, updatePipeline: true })
  },

  /** Those that live and run bots of these servers, in the order of their ids. */
  async living(servers: string[]): Promise<string[]> {
    const records = await Records.find({ servers: { $in: servers }, until: { $gt: storeTime() } }, { _id: 1 })
      .sort({ _id: 1 })
      .lean<Pick<ProcessRecord, '_id'>[]>()
    return records.map(({ _id }) => _id)
  },

  /** This process takes no more: the others share what it gives back. */
  async leave(id: string) {
    await Records.deleteOne({ _id: id })
  },
})
