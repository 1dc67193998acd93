import { type InferSchemaType, model, Schema } from 'mongoose'
import { storeTime } from './store-clock.ts'

const keepIdleForHours = 96

/**
 * Where a dialogue stands: sealed state, and the last update applied to it, always written together, replaced by compare-and-set
 * on the version. `_id` is bot:chat, in groups bot:chat:person.
 */
const schema = new Schema({
  _id: { type: String, required: true },
  version: { type: Number, required: true },
  state: { type: Buffer },
  lastUpdate: { type: String, required: true },
  idleSince: { type: Date },
})
schema.index({ idleSince: 1 }, { expireAfterSeconds: keepIdleForHours * 3600 })

export type DialogueRecord = InferSchemaType<typeof schema>

const Records = model('Dialogue', schema)

export const Dialogue = Object.assign(Records, {
  at: (id: string) => Records.findById(id).lean<DialogueRecord>(),

  /**
   * Replaces the state that was read as `version` (0: there was none). `state: null` is a dialogue at rest.
   * Answers false when somebody else replaced it first; then nothing was written.
   */
  async replace(id: string, version: number, lastUpdate: string, state: Buffer | null): Promise<boolean> {
    const next = { version: version + 1, lastUpdate, ...(state ? { state } : { idleSince: storeTime() }) }
    if (version > 0) return (await Records.replaceOne({ _id: id, version }, next)).matchedCount === 1
    const inserted = await Records.updateOne({ _id: id }, { $setOnInsert: next }, { upsert: true })
    return inserted.upsertedCount === 1
  },
})
