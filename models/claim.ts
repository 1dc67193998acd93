import { model, Schema } from 'mongoose'
import { fingerprint } from '../config/vault.ts'

/** The code that makes the first owner of a server's Metabot, as a fingerprint, with the wrong tries of each person. */
const schema = new Schema(
  {
    _id: { type: String, required: true },
    print: { type: String, required: true },
    madeAt: { type: Date, required: true },
    tries: { type: Schema.Types.Mixed, default: {} },
  },
  { minimize: false },
)

const Records = model('Claim', schema)
const print = (server: string, code: string) => fingerprint(`claim:${server}`, code)

export const Claim = Object.assign(Records, {
  /** A new code replaces the old one, and everybody's tries begin anew. */
  async renew(server: string, code: string) {
    await Records.replaceOne(
      { _id: server },
      { print: print(server, code), madeAt: new Date(), tries: {} },
      { upsert: true },
    )
  },

  isOpen: async (server: string) => (await Records.exists({ _id: server })) !== null,

  /** Spends the code if it is right, counts a try if not: the tries are counted first, so that parallel guesses count too. */
  async spend(
    server: string,
    personId: number,
    code: string,
    allowed = 5,
  ): Promise<'spent' | 'wrong' | 'no tries left'> {
    const counted = await Records.updateOne(
      {
        _id: server,
        $or: [{ [`tries.${personId}`]: { $exists: false } }, { [`tries.${personId}`]: { $lt: allowed } }],
      },
      { $inc: { [`tries.${personId}`]: 1 } },
    )
    if (counted.matchedCount === 0) return (await Claim.isOpen(server)) ? 'no tries left' : 'wrong'
    const spent = await Records.deleteOne({ _id: server, print: print(server, code) })
    return spent.deletedCount === 1 ? 'spent' : 'wrong'
  },
})
