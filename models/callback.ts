import { randomBytes } from 'node:crypto'
import { type InferSchemaType, model, Schema } from 'mongoose'
import { open, seal } from '../config/vault.ts'
import { storeTime } from './store-clock.ts'

const keepForDays = 30

/** What a button means when it does not fit into the messenger's 64 bytes: the button carries `_id`. */
const schema = new Schema({
  _id: { type: String, required: true },
  /** Sealed: it may hold what a person typed. */
  data: { type: Buffer, required: true },
  madeAt: { type: Date, required: true },
})
schema.index({ madeAt: 1 }, { expireAfterSeconds: keepForDays * 86_400 })

export type CallbackRecord = InferSchemaType<typeof schema>

const Records = model('Callback', schema)

export const Callback = Object.assign(Records, {
  async keep(data: string): Promise<string> {
    const id = randomBytes(9).toString('base64url')
    await Records.create({ _id: id, data: seal(data), madeAt: storeTime() })
    return id
  },

  async data(id: string): Promise<string | undefined> {
    const record = await Records.findById(id).lean<CallbackRecord>()
    return record ? open(record.data).toString() : undefined
  },
})
