import type { Types } from 'mongoose'
import { type Block, Person, type PersonRecord } from './person.ts'
import { storeTime } from './store-clock.ts'

type Id = Types.ObjectId

/** What a link says of its account. */
export type AccountNote = Partial<Pick<PersonRecord, 'role' | 'blocked' | 'phonePrint' | 'known'>>

/** What goes with a link that ends: its role and a block stay, for whoever comes back. */
const linkFields = { userId: 1, soleUserId: 1, linkedAt: 1, known: 1, phonePrint: 1 } as const
/** What the link before may have left, and a new one does not inherit. */
const inherited = { untold: 1, role: 1, blocked: 1, known: 1, phonePrint: 1 } as const

function without(account: AccountNote, fields: Record<string, 1>): Record<string, 1> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !(name in account)))
}

type Linked = Pick<PersonRecord, 'bot' | 'personId' | 'userId'>
type Noted = Pick<AccountNote, 'role' | 'phonePrint'> & { known?: Record<string, string | null> }

/** Who comes back to a user is no former one of it any more. */
async function endFormer(bot: Id, personId: number, userId: string): Promise<void> {
  await Person.updateOne({ bot, personId, formerUserId: userId }, { $unset: { formerUserId: 1, parted: 1 } })
}

/** The link between a person and a user of the directory, which lies in the person's record. */
export const Link = {
  /** Links a person to a user as the only one. @throws MongoServerError 11000 when another person is that */
  async make(bot: Id, personId: number, userId: string, account: AccountNote = {}) {
    const fields = { ...account, userId, soleUserId: userId, linkedAt: storeTime(), changedAt: storeTime() }
    await Person.updateOne({ bot, personId }, { $set: fields, $unset: without(account, inherited) })
    await endFormer(bot, personId, userId)
  },

  /** Links a person to a user beside others. */
  async share(bot: Id, personId: number, userId: string, account: AccountNote = {}) {
    const fields = { ...account, userId, linkedAt: storeTime(), changedAt: storeTime() }
    await Person.updateOne(
      { bot, personId },
      { $set: fields, $unset: { ...without(account, inherited), soleUserId: 1 as const } },
    )
    await endFormer(bot, personId, userId)
  },

  /**
   * Ends the link to this user, not one that came after it; of an account that is deleted the person is to hear with
   * the next message.
   */
  async end(bot: Id, personId: number, userId: string, parted: 'disconnected' | 'deleted' = 'disconnected') {
    const fields = {
      formerUserId: userId,
      parted,
      changedAt: storeTime(),
      ...(parted === 'deleted' && { untold: true }),
    }
    await Person.updateOne({ bot, personId, userId }, { $set: fields, $unset: linkFields })
  },

  /**
   * Those whose last link but one, or last one that ended, was to these users: they may be linked to another by now.
   */
  formerOf: (bot: Id, userIds: string[]) => Person.find({ bot, formerUserId: { $in: userIds } }).lean<PersonRecord[]>(),

  /** One page of those who are linked, in the order they first came. */
  after: (bot: Id, { after, limit }: { after?: string | undefined; limit: number }) =>
    Person.find({ bot, userId: { $exists: true }, ...(after && { _id: { $gt: after } }) })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<PersonRecord[]>(),

  /** The block of a user: it outlasts the link, until the user is free again. */
  async blockOf(bot: Id, userId: string): Promise<Block | undefined> {
    const ofUser = { bot, blocked: { $exists: true } }
    const person = await Person.findOne({ ...ofUser, userId }).lean<PersonRecord>()
    const former =
      person ?? (await Person.findOne({ ...ofUser, formerUserId: userId, userId: { $exists: false } }).lean())
    return (former as PersonRecord | null)?.blocked ?? undefined
  },

  /** The account of a link, or of one that has ended, is blocked, or no longer. */
  async setBlock({ bot, personId, userId }: Linked, block: Block | null) {
    const changedAt = storeTime()
    const change = block ? { $set: { blocked: block, changedAt } } : { $set: { changedAt }, $unset: { blocked: 1 } }
    const still = userId ? { userId } : { userId: { $exists: false } }
    await Person.updateOne({ bot, personId, ...still } as object, change as object)
  },

  /** What the directory told of a linked account, field by field; null is that nothing is known of one. */
  async note({ bot, personId, userId }: Linked, { known = {}, ...account }: Noted) {
    const prints = Object.entries(known).map(([field, print]) => [`known.${field}`, print] as const)
    const set = Object.fromEntries(prints.filter(([, print]) => print !== null))
    const unset = Object.fromEntries(prints.filter(([, print]) => print === null).map(([path]) => [path, 1]))
    const change = {
      $set: { ...account, ...set, changedAt: storeTime() },
      ...(Object.keys(unset).length > 0 && { $unset: unset }),
    }
    await Person.updateOne({ bot, personId, userId } as object, change as object)
  },

  /** The person has heard that the account is gone. */
  async heardOfTheEnd(bot: Id, personId: number) {
    await Person.updateOne({ bot, personId }, { $unset: { untold: 1 } })
  },
}
