import { model, Schema } from 'mongoose'
import { fingerprint } from '../config/vault.ts'
import { storeTime } from './store-clock.ts'

/** The code that makes the first owner of a server's Metabot, as a fingerprint, with the wrong tries of each person. */
const schema = new Schema(
  {
    _id: { type: String, required: true },
    print: { type: String, required: true },
    madeAt: { type: Date, required: true },
    tries: { type: Schema.Types.Mixed, default: {} },
    /** Who had the right code. Nobody else can spend it any more; they can, until they are the owner and it ends. */
    spentBy: { type: Number },
  },
  { minimize: false },
)

const Records = model('Claim', schema)
const allowed = 5
const print = (server: string, code: string) => fingerprint(`claim:${server}`, code)

export const Claim = Object.assign(Records, {
  /** A new code replaces the old one, and everybody's tries begin anew. */
  async renew(server: string, code: string) {
    await Records.replaceOne(
      { _id: server },
      { print: print(server, code), madeAt: storeTime(), tries: {} },
      { upsert: true },
    )
  },

  isOpen: async (server: string) => (await Records.exists({ _id: server })) !== null,

  mayTry: async (server: string, personId: number) =>
    (await Records.exists({ _id: server, [`tries.${personId}`]: { $gte: allowed } })) === null,

  /**
   * Spends the code if it is right, counts a try if not: the tries are counted first, so that parallel guesses count too. Who has spent it
   * can do so again until `end`.
   */
  async spend(server: string, personId: number, code: string): Promise<'spent' | 'wrong' | 'no tries left'> {
    const right = { _id: server, print: print(server, code) }
    if (await Records.exists({ ...right, spentBy: personId })) return 'spent'
    const tries = `tries.${personId}`
    const counted = await Records.updateOne(
      { _id: server, $or: [{ [tries]: { $exists: false } }, { [tries]: { $lt: allowed } }] },
      { $inc: { [tries]: 1 } },
    )
    if (counted.matchedCount === 0) return (await Claim.isOpen(server)) ? 'no tries left' : 'wrong'
    const spent = await Records.updateOne({ ...right, spentBy: { $exists: false } }, { $set: { spentBy: personId } })
    if (spent.matchedCount === 1) return 'spent'
    return (await Claim.mayTry(server, personId)) ? 'wrong' : 'no tries left'
  },

  /** The code has done its work. */
  async end(server: string, personId: number) {
    await Records.deleteOne({ _id: server, spentBy: personId })
  },
})
