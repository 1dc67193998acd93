import { type InferSchemaType, model, Schema, type Types } from 'mongoose'
import { batched } from './batched.ts'
import { storeTime } from './store-clock.ts'
import { duplicatesOf } from './update.ts'

const keepIdleForHours = 96

/**
 * Where a dialogue stands: sealed state, and the last update applied to it, always written together, replaced by compare-and-set
 * on the version. `_id` is bot:chat, in groups bot:chat:person.
 */
const schema = new Schema({
  _id: { type: String, required: true },
  version: { type: Number, required: true },
  state: { type: Buffer },
  lastUpdate: { type: String, required: true },
  idleSince: { type: Date },
})
schema.index({ idleSince: 1 }, { expireAfterSeconds: keepIdleForHours * 3600 })

export type DialogueRecord = InferSchemaType<typeof schema>

const Records = model('Dialogue', schema)

type Replacement = { id: string; version: number; lastUpdate: string; state: Buffer | null }

/** Concurrent calls share their reads and their writes. */
export const Dialogue = Object.assign(Records, {
  /** Which dialogue this is: of a private chat, or of one member (`personId`) of a group. */
  idOf: (bot: Types.ObjectId, chat: number, personId?: number) =>
    [bot, chat, ...(personId === undefined ? [] : [personId])].join(':'),

  at: batched(async (ids: string[]): Promise<(DialogueRecord | undefined)[]> => {
    const found = await Records.collection.find({ _id: { $in: ids as never[] } }).toArray()
    const byId = new Map(found.map((record) => [String(record._id), record as unknown as DialogueRecord]))
    return ids.map((id) => byId.get(id))
  }),

  /**
   * Replaces the state that was read as `version` (0: there was none). `state: null` is a dialogue at rest.
   * Answers false when somebody else replaced it first; then nothing was written.
   */
  replace: batched(async (replacements: Replacement[]): Promise<boolean[]> => {
    const inserted = await writeAll(replacements)
    if (inserted) return replacements.map((_, index) => inserted.has(index))
    return written(replacements)
  }),

  /** The dialogues of a group's members go on under its new id; one that has begun there already stays. */
  async moveChat(bot: Types.ObjectId, from: number, to: number) {
    const prefix = `${Dialogue.idOf(bot, from)}:`
    const old = await Records.find({ _id: { $gte: prefix, $lt: prefix.replace(/:$/, ';') } }).lean<DialogueRecord[]>()
    if (old.length === 0) return
    const moved = old.map((one) => ({ ...one, _id: Dialogue.idOf(bot, to, Number(one._id.slice(prefix.length))) }))
    await Records.collection.insertMany(moved as never[], { ordered: false }).catch(duplicatesOf)
    await Records.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } })
  },
})

/** Answers which were written; undefined when that takes another look. */
async function writeAll(replacements: Replacement[]): Promise<Set<number> | undefined> {
  const operations = replacements.map(({ id, version, lastUpdate, state }) => {
    const next = { version: version + 1, lastUpdate, ...(state ? { state } : { idleSince: storeTime() }) }
    return version > 0
      ? { replaceOne: { filter: { _id: id, version }, replacement: next } }
      : { updateOne: { filter: { _id: id }, update: { $setOnInsert: next }, upsert: true } }
  })
  try {
    const { matchedCount, upsertedCount } = await Records.collection.bulkWrite(operations as never[], {
      ordered: false,
    })
    const replaced = replacements.filter(({ version }) => version > 0).length
    const all = matchedCount === replaced && upsertedCount === replacements.length - replaced
    return all ? new Set(replacements.keys()) : undefined
  } catch (error) {
    // Two that began a dialogue at once.
    duplicatesOf(error)
    return undefined
  }
}

async function written(replacements: Replacement[]): Promise<boolean[]> {
  const found = await Records.find(
    { _id: { $in: replacements.map(({ id }) => id) } },
    { version: 1, lastUpdate: 1 },
  ).lean()
  const byId = new Map(found.map((record) => [record._id, record]))
  return replacements.map(({ id, version, lastUpdate }) => {
    const record = byId.get(id)
    return record?.version === version + 1 && record.lastUpdate === lastUpdate
  })
}
