import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { open, seal } from '../config/vault.ts'
import { changes } from './changes.ts'
import { chatPolicies } from './chat.ts'
import type { ForeignWebhook, IntakePlan } from './intake.ts'
import { storeTime } from './store-clock.ts'

/** A bot as an admin made it; the fleet brings reality in line with it. `_id` is ours, `botId` the messenger's number as a string. */
const schema = new Schema(
  {
    server: { type: String, required: true },
    botId: { type: String, required: true },
    username: { type: String, required: true },
    name: { type: String, required: true },
    description: { type: String, default: '' },
    kind: { type: String, required: true },
    token: { type: Buffer, required: true },
    locale: { type: String, required: true },
    switchedOff: { type: Boolean, default: false },
    tokenDeadSince: { type: Date, default: null },
    /** Whether it may be added to groups and channels; unset: no. */
    chatPolicy: { type: String, enum: chatPolicies, default: 'disabled' },
    settings: { type: Schema.Types.Mixed, default: {} },
    lastUpdateAt: { type: Date, default: null },
    lastError: { type: String, default: null },
    lastErrorAt: { type: Date, default: null },
    /** What was last registered as its commands, so that a start need not do it again. */
    commandsPrint: { type: String, default: null },
    /** An `IntakePlan`. */
    intake: { type: Schema.Types.Mixed, default: { by: 'polling' } },
    /** A `ForeignWebhook` while there is one. */
    foreignWebhook: { type: Schema.Types.Mixed, default: null },
  },
  { timestamps: true, minimize: false },
)
schema.index({ server: 1, botId: 1 }, { unique: true })
schema.index({ server: 1, kind: 1 })

export type BotRecord = Omit<InferSchemaType<typeof schema>, 'intake' | 'foreignWebhook'> & {
  _id: Types.ObjectId
  intake?: IntakePlan | null
  foreignWebhook?: ForeignWebhook | null
}
export type BotIdentity = Pick<BotRecord, 'botId' | 'username' | 'name' | 'description'>

const Records = model('Bot', schema)

export const Bot = Object.assign(Records, {
  /** Adds a bot. @throws MongoServerError 11000 when this server has it already */
  async add(bot: Pick<BotRecord, 'server' | 'kind' | 'locale'> & BotIdentity, token: string): Promise<BotRecord> {
    const { _id } = await Records.create({ ...bot, token: seal(token) })
    changes.emit('bots')
    return Bot.byId(_id).orFail()
  },

  byId: (id: Types.ObjectId | string) => Records.findById(id).lean<BotRecord>(),

  /** The bot of a server by the messenger's id or the username, in any letter case, with or without `@`. */
  named(server: string, name: string) {
    const username = new RegExp(`^${name.replace(/^@/, '').replace(/[^\w]/g, '\\$&')}$`, 'i')
    return Records.findOne({ server, $or: [{ botId: name }, { username }] }).lean<BotRecord>()
  },

  onServer: (server: string) => Records.find({ server }).sort({ _id: 1 }).lean<BotRecord[]>(),

  /** Of a kind that a server has one of: the others rest. */
  async restOthers(server: string, kind: string, botId: string) {
    await Records.updateMany({ server, kind, botId: { $ne: botId } }, { $set: { switchedOff: true } })
  },

  /** The bots that should run on these servers. */
  running: (servers: string[]) =>
    Records.find({ server: { $in: servers }, switchedOff: false, tokenDeadSince: null }).lean<BotRecord[]>(),

  async change(id: Types.ObjectId | string, fields: Partial<Omit<BotRecord, '_id' | 'token'>>) {
    const changed = await Records.findByIdAndUpdate(id, { $set: fields }, { returnDocument: 'after' }).lean<BotRecord>()
    changes.emit('bots')
    return changed
  },

  /** Sets these settings of one skill, and leaves all others as they are by now. */
  changeSettings(id: Types.ObjectId | string, skill: string, part: Record<string, unknown>) {
    const paths = Object.entries(part).map(([name, value]) => [`settings.${skill}.${name}`, value])
    return Bot.change(id, Object.fromEntries(paths))
  },

  replaceToken(id: Types.ObjectId | string, identity: BotIdentity, token: string) {
    return Bot.change(id, { ...identity, tokenDeadSince: null, token: seal(token) } as Partial<BotRecord>)
  },

  /** The messenger refuses the token that this record holds. Answers false when it has been replaced meanwhile. */
  async tokenDied({ _id, token }: BotRecord): Promise<boolean> {
    const { matchedCount } = await Records.updateOne({ _id, token }, { $set: { tokenDeadSince: storeTime() } })
    changes.emit('bots')
    return matchedCount === 1
  },

  /** The bot of a kind that a server has one of. */
  theOne: (server: string, kind: string) => Records.findOne({ server, kind, switchedOff: false }).lean<BotRecord>(),

  /** Health, which changes often and wakes nobody. */
  async note(
    id: Types.ObjectId,
    health: Partial<Pick<BotRecord, 'lastUpdateAt' | 'lastError' | 'lastErrorAt' | 'commandsPrint' | 'foreignWebhook'>>,
  ) {
    await Records.updateOne({ _id: id }, { $set: health }, { timestamps: false })
  },

  /** Lets us take over from a webhook of somebody else's, if it is still the one that an admin has seen. */
  async replaceForeignWebhook(id: Types.ObjectId, print: string) {
    await Records.updateOne({ _id: id, 'foreignWebhook.print': print }, { $set: { 'foreignWebhook.mayReplace': true } })
    changes.emit('bots')
  },

  async remove(id: Types.ObjectId | string) {
    await Records.deleteOne({ _id: id })
    changes.emit('bots')
  },

  token: (bot: BotRecord): string => open(bot.token).toString(),
})
