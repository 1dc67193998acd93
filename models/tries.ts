import { model, Schema } from 'mongoose'
import { storeTime } from './store-clock.ts'

const allowed = 5
const forgottenAfterS = 86_400

/** Wrong codes of invitations that somebody has opened within a day; `_id` is server:person. */
const schema = new Schema({
  _id: { type: String, required: true },
  count: { type: Number, required: true },
  since: { type: Date, required: true },
})
schema.index({ since: 1 }, { expireAfterSeconds: forgottenAfterS })

const Records = model('Try', schema)

export const Tries = Object.assign(Records, {
  /** Counts a try before it is made, so that parallel guesses count too. Answers false when none is left. */
  async count(server: string, personId: number): Promise<boolean> {
    const counted = await Records.findOneAndUpdate(
      { _id: `${server}:${personId}` },
      { $inc: { count: 1 }, $setOnInsert: { since: storeTime() } },
      { upsert: true, returnDocument: 'after' },
    )
      .lean()
      .orFail()
    return counted.count <= allowed
  },

  /** The code was one of ours: no guess. */
  async takeBack(server: string, personId: number) {
    await Records.updateOne({ _id: `${server}:${personId}` }, { $inc: { count: -1 } })
  },
})
