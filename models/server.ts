import { type InferSchemaType, model, Schema } from 'mongoose'

/** How much a server lets a bot say: messages a second of a bot, of a chat after a burst, and a minute in a group. */
const limits = new Schema(
  {
    botPerSecond: { type: Number, required: true },
    chatPerSecond: { type: Number, required: true },
    chatBurst: { type: Number, required: true },
    groupPerMinute: { type: Number, required: true },
  },
  { _id: false },
)
export type RateLimits = InferSchemaType<typeof limits>

/** Where bots live: the sandbox, or one API root. Persons, rights, links, chats and bots belong to one server. */
const schema = new Schema({
  _id: { type: String, required: true },
  channel: { type: String, required: true },
  apiRoot: { type: String, required: true },
  limits: { type: limits, default: null },
  /** The directory of its bots that have none of their own, sealed. */
  directory: { type: String },
})
export type ServerRecord = InferSchemaType<typeof schema>

/** The id of the server that is the sandbox. */
export const sandboxId = 'sandbox'

export const Server = model('Server', schema)
