import { randomBytes } from 'node:crypto'
import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { fingerprint } from '../config/vault.ts'

/** The key of another system. Only its fingerprint is kept; `bots: null` is the right to all bots of the server. */
const schema = new Schema({
  server: { type: String, required: true },
  name: { type: String, required: true },
  print: { type: String, required: true },
  ending: { type: String, required: true },
  bots: { type: [Schema.Types.ObjectId], default: null },
  callsPerMinute: { type: Number, default: 600 },
  madeBy: { type: Number, required: true },
  madeAt: { type: Date, required: true },
  lastUsedAt: { type: Date, default: null },
  revokedAt: { type: Date, default: null },
})
schema.index({ print: 1 }, { unique: true })
schema.index({ server: 1, madeAt: -1 })

export type ApiKeyRecord = InferSchemaType<typeof schema> & { _id: Types.ObjectId; bots: Types.ObjectId[] | null }

const Records = model('ApiKey', schema)
const print = (secret: string) => fingerprint('api-key', secret)

export const ApiKey = Object.assign(Records, {
  /** Makes a key; `secret` is to be shown once, it cannot be read again. */
  async make(key: { server: string; name: string; bots: Types.ObjectId[] | null; madeBy: number }) {
    const secret = `rk_${randomBytes(24).toString('base64url')}`
    const record = await Records.create({ ...key, print: print(secret), ending: secret.slice(-4), madeAt: new Date() })
    return { secret, record: record.toObject() as ApiKeyRecord }
  },

  bySecret: (secret: string) => Records.findOne({ print: print(secret), revokedAt: null }).lean<ApiKeyRecord>(),
  byId: (id: Types.ObjectId | string) => Records.findById(id).lean<ApiKeyRecord>(),
  ofServer: (server: string) => Records.find({ server, revokedAt: null }).sort({ madeAt: -1 }).lean<ApiKeyRecord[]>(),

  async revoke(id: Types.ObjectId | string) {
    await Records.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt: new Date() } })
  },

  async noteUse(id: Types.ObjectId, at: Date) {
    await Records.updateOne({ _id: id }, { $max: { lastUsedAt: at } })
  },
})
