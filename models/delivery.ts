import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import type { Locale } from '../config/locales.ts'
import { duplicatesOf } from './update.ts'

type Id = Types.ObjectId

export const finalStates = ['sent', 'failed', 'dead', 'stopped', 'cancelled', 'expired', 'unknown'] as const
export const deliveryStates = ['queued', 'sending', ...finalStates] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** What one occurrence of a notification sends to one chat. The states of an occurrence's deliveries add up to its audience. */
const schema = new Schema({
  bot: { type: Schema.Types.ObjectId, required: true },
  notification: { type: Schema.Types.ObjectId, required: true },
  /** The occurrence: the notification's id and its due date (ms), `id:ms`. */
  occurrence: { type: String, required: true },
  chat: { type: Number, required: true },
  personId: { type: Number, required: true },
  userId: { type: String },
  locale: { type: String, required: true },
  state: { type: String, enum: deliveryStates, required: true },
  dueAt: { type: Date, required: true },
  /** Not before this: the due date, later the next try. */
  nextAt: { type: Date, required: true },
  expiresAt: { type: Date },
  once: { type: Boolean, default: false },
  attempts: { type: Number, default: 0 },
  /** How many messages of a text that needs several are out. */
  partsOut: { type: Number, default: 0 },
  messageIds: { type: [Number], default: [] },
  /** How often a message may have gone out twice: sent again although the first try may have arrived. */
  possibleDuplicates: { type: Number, default: 0 },
  error: { type: String },
  finishedAt: { type: Date },
})
schema.index({ occurrence: 1, chat: 1 }, { unique: true })
schema.index({ bot: 1, nextAt: 1, _id: 1 }, { partialFilterExpression: { state: 'queued' }, name: 'due' })
schema.index({ bot: 1, state: 1 }, { partialFilterExpression: { state: 'sending' }, name: 'in-flight' })
schema.index({ notification: 1, state: 1 })
schema.index({ bot: 1, personId: 1, _id: 1 })

export type DeliveryRecord = Omit<InferSchemaType<typeof schema>, 'locale' | 'state'> & {
  _id: Id
  locale: Locale
  state: DeliveryState
}

const Records = model('Delivery', schema)

export const Delivery = Object.assign(Records, {
  /** Inserts many at once; one that its occurrence has for this chat already is left as it is. */
  async insertNew(records: DeliveryRecord[]): Promise<void> {
    try {
      await Records.collection.insertMany(records as never[], { ordered: false })
    } catch (error) {
      duplicatesOf(error)
    }
  },

  ofNotification: (notification: Id) => Records.find({ notification }).sort({ _id: 1 }).lean<DeliveryRecord[]>(),
})
