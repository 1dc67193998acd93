import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { fingerprint } from '../config/vault.ts'
import { storeTime } from './store-clock.ts'

const toldForDays = 30

/**
 * A right that somebody offers: to whoever opens a link first (`print` is the fingerprint of its code), or to one admin (`to`) by a button.
 * `bots: null` is the right to all. An owner who hands a bot over gives the own right away. What has ended stays for a while to say so.
 */
const schema = new Schema({
  server: { type: String, required: true },
  purpose: { type: String, enum: ['invite', 'hand-over'], required: true },
  role: { type: String, enum: ['admin', 'owner'], required: true },
  bots: { type: [Schema.Types.ObjectId], default: null },
  to: { type: Number },
  print: { type: String },
  madeBy: { type: Number, required: true },
  madeAt: { type: Date, required: true },
  expiresAt: { type: Date, required: true },
  state: { type: String, enum: ['open', 'accepted', 'declined', 'withdrawn'], default: 'open' },
  acceptedBy: { type: Number },
  /** When its acceptance was carried through: given, recorded and told. What is accepted without it broke off, and a repeat completes it. */
  settledAt: { type: Date, default: null },
  /** The wish that it came of: a wish that is repeated after a crash makes no second invitation. */
  wish: { type: String, required: true },
})
schema.index({ print: 1 }, { unique: true, partialFilterExpression: { print: { $exists: true } } })
schema.index({ server: 1, wish: 1 }, { unique: true })
schema.index({ server: 1, state: 1, _id: 1 })
schema.index({ expiresAt: 1 }, { expireAfterSeconds: toldForDays * 86_400 })

export type InvitationRecord = InferSchemaType<typeof schema> & { _id: Types.ObjectId; bots: Types.ObjectId[] | null }
export type InvitedRole = InvitationRecord['role']
type Id = Types.ObjectId | string
type NewInvitation = Pick<
  InvitationRecord,
  'server' | 'purpose' | 'role' | 'bots' | 'madeBy' | 'madeAt' | 'expiresAt' | 'wish'
>

const Records = model('Invitation', schema)
const print = (server: string, code: string) => fingerprint(`invitation:${server}`, code)
const isOpen = (now = storeTime()) => ({ state: 'open' as const, expiresAt: { $gt: now } })

export const Invitation = Object.assign(Records, {
  /** The same `wish` once more makes no second one, but gives the first another code. */
  async make(invitation: NewInvitation, whom: { code: string } | { to: number }): Promise<InvitationRecord> {
    const { server, wish } = invitation
    const addressed = 'to' in whom ? whom : { print: print(server, whom.code) }
    return Records.findOneAndUpdate(
      { server, wish },
      { $set: { ...invitation, ...addressed, state: 'open', settledAt: null } },
      { upsert: true, returnDocument: 'after' },
    )
      .lean<InvitationRecord>()
      .orFail()
  },

  byCode: (server: string, code: string) => Records.findOne({ print: print(server, code) }).lean<InvitationRecord>(),
  byId: (id: Id) => Records.findById(id).lean<InvitationRecord>(),
  openOn: (server: string) =>
    Records.find({ server, ...isOpen() })
      .sort({ _id: 1 })
      .lean<InvitationRecord[]>(),

  /** Accepts an open one, which nobody else can do then; answers false when it is over. */
  async accept(id: Id, personId: number): Promise<boolean> {
    const accepted = { $set: { state: 'accepted' as const, acceptedBy: personId } }
    return (await Records.updateOne({ _id: id, ...isOpen() }, accepted)).matchedCount === 1
  },

  async settle(id: Id) {
    await Records.updateOne({ _id: id }, { $set: { settledAt: storeTime() } })
  },

  /** Ends an open one without anybody having accepted it; answers false when it is over already. */
  async end(id: Id, state: 'declined' | 'withdrawn'): Promise<boolean> {
    return (await Records.updateOne({ _id: id, ...isOpen() }, { $set: { state } })).matchedCount === 1
  },

  /** Ends the open offers of an owner to hand a bot over: a new one takes their place. */
  async dropOffers(bot: Types.ObjectId, madeBy: number) {
    const offers = { bots: [bot], madeBy, purpose: 'hand-over' as const, ...isOpen() }
    await Records.updateMany(offers, { $set: { state: 'withdrawn' } })
  },

  /** A bot is gone: nobody can be invited to it alone any more. */
  async dropBot(bot: Types.ObjectId) {
    await Records.updateMany({ bots: [bot], ...isOpen() }, { $set: { state: 'withdrawn' } })
  },
})
