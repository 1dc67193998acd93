import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { fingerprint, open, seal } from '../config/vault.ts'
import { storeTime } from './store-clock.ts'

type Id = Types.ObjectId

/**
 * The digits that a person hands to a specialist. Found by fingerprint, shown again by opening the seal. A record is
 * never deleted:
 * so no digits are ever given to a second person.
 */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  print: { type: String, required: true },
  sealed: { type: Buffer, required: true },
  personId: { type: Number, required: true },
  issuedAt: { type: Date, required: true },
  expiresAt: { type: Date, required: true },
  boundAt: { type: Date, default: null },
  userId: { type: String, default: null },
  /**
   * When its binding was carried through: linked, recorded and told. What is bound without it broke off, and a repeat
   * completes it.
   */
  settledAt: { type: Date, default: null },
  retiredAt: { type: Date, default: null },
})
schema.index({ bot: 1, print: 1 }, { unique: true })
schema.index({ bot: 1, personId: 1, issuedAt: -1 })
schema.index({ bot: 1, _id: 1 })

export type KeyRecord = InferSchemaType<typeof schema> & { _id: Id }

const Records = model('Key', schema)
const print = (bot: Id, digits: string) => fingerprint(`key:${bot}`, digits)

export const Key = Object.assign(Records, {
  /** @throws MongoServerError 11000 when these digits were given out before */
  async issue(bot: Id, personId: number, digits: string, expiresAt: Date): Promise<KeyRecord> {
    const issuedAt = storeTime()
    const key = await Records.create({
      bot,
      personId,
      print: print(bot, digits),
      sealed: seal(digits),
      issuedAt,
      expiresAt,
    })
    return key.toObject()
  },

  byDigits: (bot: Id, digits: string) => Records.findOne({ bot, print: print(bot, digits) }).lean<KeyRecord>(),

  /** The person's bound key, else the latest that is neither expired nor retired. */
  current: (bot: Id, personId: number, now = storeTime()) =>
    Records.findOne({ bot, personId, retiredAt: null, $or: [{ boundAt: { $ne: null } }, { expiresAt: { $gt: now } }] })
      .sort({ boundAt: -1, issuedAt: -1 })
      .lean<KeyRecord>(),

  /** The persons whose bound keys these are. */
  bound: (bot: Id, digits: string[]) =>
    Records.find({
      bot,
      print: { $in: digits.map((one) => print(bot, one)) },
      retiredAt: null,
      boundAt: { $ne: null },
    }).lean<KeyRecord[]>(),

  /** One page of the bound keys, in the order they were given out. */
  boundOf: (bot: Id, { after, limit }: { after?: string | undefined; limit: number }) =>
    Records.find({ bot, retiredAt: null, boundAt: { $ne: null }, ...(after && { _id: { $gt: after } }) })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<KeyRecord[]>(),

  /** Marks a key as bound to a user, if nobody was faster. Answers whether it is now bound to this user. */
  async bind(id: Id, userId: string, now = storeTime()): Promise<boolean> {
    const free = { _id: id, boundAt: null, retiredAt: null, expiresAt: { $gt: now } }
    const { matchedCount } = await Records.updateOne(free, { $set: { boundAt: now, userId } })
    return matchedCount === 1 || (await Records.exists({ _id: id, userId, retiredAt: null })) !== null
  },

  /** The binding is carried through. The person's other keys end, for they have one. */
  async settle({ _id, bot, personId }: KeyRecord, userId: string, now = storeTime()) {
    await Records.updateOne({ _id, retiredAt: null }, { $set: { userId, boundAt: now, settledAt: now } })
    await Records.updateMany({ bot, personId, retiredAt: null, _id: { $ne: _id } }, { $set: { retiredAt: now } })
  },

  /** Takes a binding to this user back that was not carried through. */
  async free(id: Id, userId: string) {
    await Records.updateOne({ _id: id, userId, settledAt: null }, { $set: { boundAt: null, userId: null } })
  },

  /** Ends the keys of a person: the digits stay taken for ever. */
  async retire(bot: Id, personId: number, now = storeTime()) {
    await Records.updateMany({ bot, personId, retiredAt: null }, { $set: { retiredAt: now } })
  },

  /** Ends the keys of a person, and whose they were: the digits stay taken. */
  async forget(bot: Id, personId: number, now = storeTime()) {
    await Records.updateMany({ bot, personId }, { $set: { personId: 0, userId: null, retiredAt: now } })
  },

  ofPerson: (bot: Id, personId: number) => Records.find({ bot, personId }).sort({ issuedAt: 1 }).lean<KeyRecord[]>(),

  /** Ends a person's keys that no specialist has bound yet. */
  async retireUnbound(bot: Id, personId: number, now = storeTime()) {
    await Records.updateMany({ bot, personId, retiredAt: null, boundAt: null }, { $set: { retiredAt: now } })
  },

  digits: (key: KeyRecord): string => open(key.sealed).toString(),
})
