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

export type RightRecord = InferSchemaType<typeof schema> & { bot: Types.ObjectId | null }

const Records = model('Right', schema)
const atLeast = (role: Role) => roles.slice(roles.indexOf(role))

export const Right = Object.assign(Records, {
  async give(server: string, personId: number, bot: Types.ObjectId | null, role: Role) {
    const since = storeTime()
    await Records.updateOne({ server, personId, bot }, { $set: { role }, $setOnInsert: { since } }, { upsert: true })
  },

  /** Gives a role for a bot, or for all, unless the same person has a higher one there. */
  async raise(server: string, personId: number, bot: Types.ObjectId | null, role: Role) {
    const held = await Records.exists({ server, personId, bot, role: { $in: atLeast(role) } })
    if (!held) await Right.give(server, personId, bot, role)
  },

  /** Makes an admin of an owner of a bot. */
  async lower(server: string, personId: number, bot: Types.ObjectId) {
    await Records.updateOne({ server, personId, bot, role: 'owner' }, { $set: { role: 'admin' } })
  },

  async take(rights: RightRecord[]) {
    for (const { server, personId, bot } of rights) await Records.deleteOne({ server, personId, bot })
  },

  /** Gives rights back that were taken. */
  async giveBack(rights: RightRecord[]) {
    for (const { server, personId, bot, role, since } of rights)
      await Records.updateOne({ server, personId, bot }, { $setOnInsert: { role, since } }, { upsert: true })
  },

  onServer: (server: string) => Records.find({ server }).sort({ since: 1 }).lean<RightRecord[]>(),
  /** All rights to a bot: to it alone, or to all bots. */
  toBot: (server: string, bot: Types.ObjectId) =>
    Records.find({ server, bot: { $in: [bot, null] } })
      .sort({ since: 1 })
      .lean<RightRecord[]>(),

  of: (server: string, personId: number) => Records.find({ server, personId }).lean<RightRecord[]>(),

  /** Whether a person has at least this role for a bot; `null` asks for the right to all bots. */
  async holds(server: string, personId: number, bot: Types.ObjectId | null, role: Role): Promise<boolean> {
    const where = bot ? { $in: [bot, null] } : null
    return (await Records.exists({ server, personId, bot: where, role: { $in: atLeast(role) } })) !== null
  },

  /** Who has at least this role for a bot, by a right to it or to all. */
  async holders(server: string, bot: Types.ObjectId, role: Role): Promise<number[]> {
    return Records.distinct('personId', { server, bot: { $in: [bot, null] }, role: { $in: atLeast(role) } })
  },

  /** The rights that make owners of a bot, those to all bots included; `null` asks for those to all alone. */
  owners: (server: string, bot: Types.ObjectId | null) =>
    Records.find({ server, bot: bot ? { $in: [bot, null] } : null, role: 'owner' }).lean<RightRecord[]>(),

  hasOwner: async (server: string) => (await Records.exists({ server, bot: null, role: 'owner' })) !== null,

  async dropBot(bot: Types.ObjectId) {
    await Records.deleteMany({ bot })
  },
})
