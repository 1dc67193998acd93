import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { storeTime } from './store-clock.ts'

export const roles = ['viewer', 'operator', 'admin', 'owner'] as const
export type Role = (typeof roles)[number]

/** What a person may do on a server: one role for one bot, or for all (`bot: null`). */
const schema = new Schema({
  server: { type: String, required: true },
  personId: { type: Number, required: true },
  bot: { type: Schema.Types.ObjectId, default: null },
  role: { type: String, enum: roles, required: true },
  since: { type: Date, required: true },
})
schema.index({ server: 1, personId: 1, bot: 1 }, { unique: true })
schema.index({ server: 1, bot: 1 })

export type RightRecord = InferSchemaType<typeof schema>

const Records = model('Right', schema)

export const Right = Object.assign(Records, {
  async give(server: string, personId: number, bot: Types.ObjectId | null, role: Role) {
    const since = storeTime()
    await Records.updateOne({ server, personId, bot }, { $set: { role }, $setOnInsert: { since } }, { upsert: true })
  },

  of: (server: string, personId: number) => Records.find({ server, personId }).lean<RightRecord[]>(),

  /** Whether a person has at least this role for a bot; `null` asks for the right to all bots. */
  async holds(server: string, personId: number, bot: Types.ObjectId | null, role: Role): Promise<boolean> {
    const enough = roles.slice(roles.indexOf(role))
    const where = bot ? { $in: [bot, null] } : null
    return (await Records.exists({ server, personId, bot: where, role: { $in: enough } })) !== null
  },

  /** Who has at least this role for a bot, by a right to it or to all. */
  async holders(server: string, bot: Types.ObjectId, role: Role): Promise<number[]> {
    const enough = roles.slice(roles.indexOf(role))
    return Records.distinct('personId', { server, bot: { $in: [bot, null] }, role: { $in: enough } })
  },

  hasOwner: async (server: string) => (await Records.exists({ server, bot: null, role: 'owner' })) !== null,

  async dropBot(bot: Types.ObjectId) {
    await Records.deleteMany({ bot })
  },
})
