import { model, Schema, type Types } from 'mongoose'
import { storeTime } from './store-clock.ts'

/** Who did it: an admin by the messenger's id, an API key, or the process itself. */
export type Actor = { personId: number } | { apiKey: Types.ObjectId } | { system: true }

/** One act of an admin or of an API key. `details` never holds a token, key or text. */
const schema = new Schema({
  at: { type: Date, required: true },
  server: { type: String, required: true },
  bot: { type: Schema.Types.ObjectId, default: null },
  actor: { type: Schema.Types.Mixed, required: true },
  act: { type: String, required: true },
  details: { type: Schema.Types.Mixed, default: {} },
})
schema.index({ server: 1, bot: 1, at: -1 })

const Records = model('Audit', schema)

export const Audit = Object.assign(Records, {
  async record(server: string, bot: Types.ObjectId | null, actor: Actor, act: string, details: object = {}) {
    await Records.create({ at: storeTime(), server, bot, actor, act, details })
  },
})
