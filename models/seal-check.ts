import { model, type mongo, Schema } from 'mongoose'
import { ConfigError } from '../config/errors.ts'
import { fingerprint, fingerprintBy } from '../config/vault.ts'

/**
 * One value made with the secret key that sealed this store, so that another key is refused instead of making things
 * unreadable.
 */
const schema = new Schema({ _id: { type: String, required: true }, print: { type: String, required: true } })

const Records = model('SealCheck', schema)
const [scope, text] = ['seal-check', 'rookery'] as const

/** Whether a key has sealed the store in this database already. */
export async function isSealed(db: mongo.Db): Promise<boolean> {
  return (await recordIn(db)) !== null
}

/** Whether it was this key that has sealed it. */
export async function isSealedWith(key: string, db: mongo.Db): Promise<boolean> {
  return (await recordIn(db))?.print === fingerprintBy(key, scope, text)
}

const recordIn = (db: mongo.Db) => db.collection(Records.collection.collectionName).findOne()

/** @throws ConfigError when this store was sealed with another key */
export async function checkSeal(): Promise<void> {
  const print = fingerprint(scope, text)
  const record = await Records.findOneAndUpdate(
    { _id: 'seal' },
    { $setOnInsert: { print } },
    { upsert: true, returnDocument: 'after' },
  ).lean()
  if (record?.print === print) return
  throw new ConfigError('SECRET_KEY: this store was sealed with another key; set the key that it began with')
}
