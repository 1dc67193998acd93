import { randomBytes } from 'node:crypto'
import { model, Schema, type Types } from 'mongoose'
import { fingerprint } from '../config/vault.ts'
import { storeTime } from './store-clock.ts'

type Id = Types.ObjectId

/** A link that connects whoever opens it first to a user: `_id` is the fingerprint of the code in it. */
const schema = new Schema({
  _id: { type: String, required: true },
  bot: { type: Schema.Types.ObjectId, required: true },
  userId: { type: String, required: true },
  expiresAt: { type: Date, required: true },
  /** Who opened it. The same person may open it again while it is being carried through. */
  usedBy: { type: Number, default: null },
  usedAt: { type: Date, default: null },
  /** It did its work. */
  closedAt: { type: Date },
})
// An expired one is kept a while, so that it is told from one that never was.
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 7 * 86_400 })
schema.index({ bot: 1 })

const Records = model('StartLink', schema)
const print = (bot: Id, code: string) => fingerprint(`start-link:${bot}`, code)

export const StartLink = Object.assign(Records, {
  /** Answers the code, which is nowhere else. */
  async make(bot: Id, userId: string, expiresAt: Date): Promise<string> {
    const code = randomBytes(18).toString('base64url')
    await Records.create({ _id: print(bot, code), bot, userId, expiresAt })
    return code
  },

  /** Uses the code for a person: once, however many open it at the same moment. */
  async open(
    bot: Id,
    code: string,
    personId: number,
  ): Promise<{ userId: string } | { refused: 'unknown' | 'used' | 'expired' }> {
    const _id = print(bot, code)
    const now = storeTime()
    const opened = await Records.findOneAndUpdate(
      { _id, usedBy: { $in: [null, personId] }, closedAt: null, expiresAt: { $gt: now } },
      { $set: { usedBy: personId, usedAt: now } },
      { returnDocument: 'after' },
    ).lean()
    if (opened) return { userId: opened.userId }
    const known = await Records.findById(_id).lean()
    if (!known) return { refused: 'unknown' }
    return { refused: known.closedAt || (known.usedBy !== null && known.usedBy !== personId) ? 'used' : 'expired' }
  },

  /** The link did its work: it connects nobody any more, its opener neither. */
  async close(bot: Id, userId: string, personId: number) {
    await Records.updateMany({ bot, userId, usedBy: personId }, { $set: { closedAt: storeTime() } })
  },

  /** Drops those that a person has opened. */
  async forget(bot: Id, personId: number) {
    await Records.deleteMany({ bot, usedBy: personId })
  },
})
