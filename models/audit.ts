import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import type { TextKey } from '../config/i18n.ts'
import { storeTime } from './store-clock.ts'

/** Who did it: an admin by the messenger's id, an API key, or the process itself. */
export type Actor = { personId: number } | { apiKey: Types.ObjectId } | { system: true }

/** What can be recorded: each act has a text `acts.<act>`, so that Metabot can tell of it. */
export type ActName = ActOf<TextKey>
type ActOf<Key> = Key extends `acts.${infer Act}` ? Act : never

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
schema.index({ server: 1, at: -1 })

export type AuditRecord = Omit<InferSchemaType<typeof schema>, 'actor' | 'act' | 'details'> & {
  actor: Actor
  act: ActName
  /** Left out where there are none. */
  details?: Record<string, unknown>
}

const Records = model('Audit', schema)

export const Audit = Object.assign(Records, {
  async record(server: string, bot: Types.ObjectId | null, actor: Actor, act: ActName, details: object = {}) {
    await Records.create({ at: storeTime(), server, bot, actor, act, details })
  },

  /** One page of the acts on a bot, or of all on a server, the latest first, and how many there are, as far as `most`. */
  async page(
    server: string,
    bot: Types.ObjectId | undefined,
    { skip, limit, most }: { skip: number; limit: number; most: number },
  ): Promise<{ acts: AuditRecord[]; total: number }> {
    const filter = { server, ...(bot && { bot }) }
    const [acts, total] = await Promise.all([
      Records.find(filter).sort({ at: -1 }).skip(skip).limit(limit).lean<AuditRecord[]>(),
      Records.countDocuments(filter, { limit: most }),
    ])
    return { acts, total }
  },
})
