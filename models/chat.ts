import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { plainName } from '../config/plain-name.ts'

type Id = Types.ObjectId

export const chatPolicies = ['enabled', 'disabled', 'ask'] as const
/** Whether a bot may be added to groups and channels: yes, no, or as an admin says each time. */
export type ChatPolicy = (typeof chatPolicies)[number]

/** `waiting` for an admin's word: the bot is in, but neither hears nor speaks. */
const states = ['waiting', 'in', 'left'] as const
/** What is still to be done after the bot was added. */
export type ArrivalStep = 'say' | 'leave' | 'tell refused' | 'tell asked'

/** A group or channel that a bot is or was in, as the messenger last told of it. Private chats are persons'. */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  chat: { type: Number, required: true },
  /** Its id as a group, before it became a supergroup: older buttons name it so. */
  formerly: { type: Number },
  /** The messenger's word: `group`, `supergroup`, `channel`. */
  type: { type: String, required: true },
  title: { type: String, required: true },
  /** An administrator of a group hears all that is said there. */
  administrator: { type: Boolean, default: false },
  state: { type: String, enum: states, required: true },
  /** Since when it is, or was last, in. */
  since: { type: Date, required: true },
  addedBy: { type: new Schema({ id: Number, name: String }, { _id: false }) },
  /** What an admin calls it, for `notify`, and the same in small letters, by which it is found. */
  name: { type: String },
  nameKey: { type: String },
  /** An admin has let the bot into this very chat, whatever the policy. */
  allowed: { type: Boolean, default: false },
  /** The update that told of the last arrival, and what is still to be done about it: a repeat goes on where it broke off. */
  arrival: { type: String, required: true },
  steps: { type: [String], default: [] },
  /** When the membership last changed, by the messenger's clock: what tells of earlier changes comes too late. */
  changedAt: { type: Date, required: true },
})
schema.index({ bot: 1, chat: 1 }, { unique: true })
schema.index({ bot: 1, nameKey: 1 }, { unique: true, partialFilterExpression: { nameKey: { $exists: true } } })
schema.index({ bot: 1, formerly: 1 }, { partialFilterExpression: { formerly: { $exists: true } } })
schema.index({ bot: 1, since: -1 })

export type ChatRecord = Omit<InferSchemaType<typeof schema>, 'steps'> & { _id: Id; steps: ArrivalStep[] }
export type ChatFace = { chat: number; type: string; title: string; administrator?: boolean }
type Arrival = ChatFace &
  Pick<ChatRecord, 'arrival' | 'changedAt' | 'steps' | 'state'> & { addedBy?: { id: number; name: string } | undefined }

const Records = model('Chat', schema)

/** A name as names are compared. */
const keyOf = (name: string) => name.toLowerCase()

export const Chat = Object.assign(Records, {
  of: (bot: Id, chat: number) => Records.findOne({ bot, chat }).lean<ChatRecord>(),
  formerly: (bot: Id, formerly: number) => Records.findOne({ bot, formerly }).lean<ChatRecord>(),

  /** The bot was added. What admins have said of this chat before, stays. */
  arrive(bot: Id, { chat, addedBy, title, ...arrival }: Arrival) {
    const found = { ...arrival, title: plainName(title), since: arrival.changedAt }
    const by = addedBy && { addedBy: { id: addedBy.id, name: plainName(addedBy.name) } }
    return Records.findOneAndUpdate(
      { bot, chat },
      { $set: { ...found, ...by }, ...(by ? {} : { $unset: { addedBy: 1 } }) },
      { upsert: true, returnDocument: 'after' },
    )
      .lean<ChatRecord>()
      .orFail()
  },

  async stepDone(id: Id, step: ArrivalStep) {
    await Records.updateOne({ _id: id }, { $pull: { steps: step } })
  },

  /** Follows what a chat is called and is now. */
  async see(known: ChatRecord, { chat: _, ...now }: ChatFace) {
    const face = { administrator: known.administrator, ...now, title: plainName(now.title) }
    const same = face.type === known.type && face.title === known.title && face.administrator === known.administrator
    if (!same) await Records.updateOne({ _id: known._id }, { $set: face })
  },

  /** The bot is out: by the messenger's update of `changedAt`, or, without one, by what it answered. */
  async leave(bot: Id, chat: number, changedAt?: Date) {
    await Records.updateOne(
      { bot, chat, ...(changedAt && { changedAt: { $lte: changedAt } }) },
      { $set: { state: 'left', ...(changedAt && { changedAt }) } },
    )
  },

  /** An admin's word: the bot may be in this chat, or may no longer. Who waits for it is in. */
  async allow(bot: Id, chat: number, allowed: boolean) {
    await Records.updateOne({ bot, chat }, { $set: { allowed, ...(allowed && { steps: [] }) } })
    if (allowed) await Records.updateOne({ bot, chat, state: 'waiting' }, { $set: { state: 'in' } })
  },

  /** Every chat that waits is in. */
  async allowWaiting(bot: Id) {
    await Records.updateMany({ bot, state: 'waiting' }, { $set: { state: 'in' } })
  },

  /** @throws MongoServerError 11000 when another chat of this bot has the name */
  async call(bot: Id, chat: number, name: string) {
    await Records.updateOne({ bot, chat }, { $set: { name, nameKey: keyOf(name) } })
  },

  /** The chats that these names, in any letter case, were given to, by the names as they were asked for. */
  async named(bot: Id, names: readonly string[]): Promise<Map<string, ChatRecord>> {
    if (names.length === 0) return new Map()
    const found = await Records.find({ bot, nameKey: { $in: names.map(keyOf) } }).lean<ChatRecord[]>()
    const byKey = new Map(found.map((record) => [record.nameKey, record]))
    return new Map(
      names.flatMap((name) => {
        const record = byKey.get(keyOf(name))
        return record ? [[name, record] as const] : []
      }),
    )
  },

  /** Of these chats those that the bot may not speak in. */
  closed: (bot: Id, chats: number[]) =>
    Records.find({ bot, chat: { $in: chats }, state: { $ne: 'in' } }).lean<ChatRecord[]>(),

  /** The latest first. */
  ofBot: (bot: Id) => Records.find({ bot }).sort({ since: -1 }).lean<ChatRecord[]>(),

  /** The groups of this title that the bot has not left: one of them may have become a supergroup. */
  groupsTitled: (bot: Id, title: string) =>
    Records.find({ bot, state: { $ne: 'left' }, type: 'group', title: plainName(title) }).lean<ChatRecord[]>(),

  /** A group has become a supergroup, whose id is another. What came from there as if from another chat, is forgotten. */
  async move(bot: Id, from: number, to: number) {
    const old = await Chat.of(bot, from)
    if (!old) return
    // Several learn of it at once: what another has moved meanwhile is the record itself.
    const there = await Records.findOne({ bot, chat: to, _id: { $ne: old._id } }).lean<ChatRecord>()
    const isIn = old.state === 'in' || there?.state === 'in'
    const latest = there && { arrival: there.arrival, changedAt: there.changedAt }
    if (there) await Records.deleteOne({ _id: there._id })
    await Records.updateOne(
      { _id: old._id, chat: from },
      { $set: { chat: to, formerly: from, type: 'supergroup', ...(isIn && { state: 'in', steps: [] }), ...latest } },
    )
  },
})
