import { randomBytes } from 'node:crypto'
import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { fingerprint } from '../config/vault.ts'
import { storeTime } from './store-clock.ts'

/**
 * The key of another system. Only its fingerprint is kept; `bots: null` is the right to all bots of the server,
 * `endpoints: null` to all of theirs.
 */
const schema = new Schema({
  server: { type: String, required: true },
  name: { type: String, required: true },
  print: { type: String, required: true },
  ending: { type: String, required: true },
  bots: { type: [Schema.Types.ObjectId], default: null },
  endpoints: { type: [String], default: null },
  callsPerMinute: { type: Number, default: 600 },
  madeBy: { type: Number, required: true },
  madeAt: { type: Date, required: true },
  lastUsedAt: { type: Date, default: null },
  revokedAt: { type: Date, default: null },
  /** The wish that it came of: a wish that is repeated after a crash makes no second key. */
  wish: { type: String },
})
schema.index({ server: 1, wish: 1 }, { unique: true, partialFilterExpression: { wish: { $exists: true } } })
schema.index({ print: 1 }, { unique: true })
schema.index({ server: 1, madeAt: -1 })

export type ApiKeyRecord = Omit<InferSchemaType<typeof schema>, 'endpoints'> & {
  _id: Types.ObjectId
  bots: Types.ObjectId[] | null
  /** The aliases that may be called; keys from before there were limits have none. */
  endpoints?: string[] | null
}
type NewKey = Pick<ApiKeyRecord, 'server' | 'name' | 'bots' | 'endpoints' | 'madeBy'> & { wish?: string }

const Records = model('ApiKey', schema)
const trustMs = 1000
const most = 10_000
/**
 * Keys seen within the last second: what another process revokes ends a second later here, what this one revokes at
 * once.
 */
const trusted = new Map<string, { record: Promise<ApiKeyRecord | null>; until: number }>()
const print = (secret: string) => fingerprint('api-key', secret)

export const ApiKey = Object.assign(Records, {
  /**
   * Makes a key; `secret` is to be shown once, it cannot be read again. The same `wish` once more gives its key
   * another secret.
   */
  async make({ wish, ...key }: NewKey): Promise<{ secret: string; record: ApiKeyRecord }> {
    const secret = `rk_${randomBytes(24).toString('base64url')}`
    const made = { ...key, print: print(secret), ending: secret.slice(-4), madeAt: storeTime() }
    if (wish === undefined) return { secret, record: (await Records.create(made)).toObject() as ApiKeyRecord }
    const record = await Records.findOneAndUpdate(
      { server: key.server, wish },
      { $set: made },
      { upsert: true, returnDocument: 'after' },
    )
      .lean<ApiKeyRecord>()
      .orFail()
    return { secret, record }
  },

  bySecret(secret: string): Promise<ApiKeyRecord | null> {
    const sought = print(secret)
    const known = trusted.get(sought)
    if (known && known.until > performance.now()) return known.record
    if (trusted.size >= most) trusted.clear()
    const record = Records.findOne({ print: sought, revokedAt: null }).lean<ApiKeyRecord>().exec()
    trusted.set(sought, { record, until: performance.now() + trustMs })
    record.catch(() => trusted.delete(sought))
    return record
  },
  byId: (id: Types.ObjectId | string) => Records.findById(id).lean<ApiKeyRecord>(),
  ofServer: (server: string) => Records.find({ server, revokedAt: null }).sort({ madeAt: -1 }).lean<ApiKeyRecord[]>(),

  async revoke(id: Types.ObjectId | string) {
    await Records.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt: storeTime() } })
    trusted.clear()
  },

  mayCall: ({ endpoints }: ApiKeyRecord, alias: string): boolean => endpoints?.includes(alias) ?? true,

  async noteUse(id: Types.ObjectId, at: Date) {
    await Records.updateOne({ _id: id }, { $max: { lastUsedAt: at } })
  },
})
