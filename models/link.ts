import type { Types } from 'mongoose'
import { type Block, Person, type PersonRecord } from './person.ts'
import { storeTime } from './store-clock.ts'

type Id = Types.ObjectId

/** What a link says of its account. */
export type AccountNote = Partial<Pick<PersonRecord, 'role' | 'blocked' | 'phonePrint' | 'known'>>

/** What a link holds, and what the one before it has left. */
const linkFields = { userId: 1, soleUserId: 1, linkedAt: 1, blocked: 1, known: 1, phonePrint: 1 } as const
const formerFields = { formerUserId: 1, parted: 1, untold: 1, blocked: 1, known: 1, phonePrint: 1 } as const

function without(account: AccountNote, fields: Record<string, 1>): Record<string, 1> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !(name in account)))
}

/** The link between a person and a user of the directory, which lies in the person's record. */
export const Link = {
  /** Links a person to a user as the only one. @throws MongoServerError 11000 when another person is that */
  async make(bot: Id, personId: number, userId: string, account: AccountNote = {}) {
    const fields = { ...account, userId, soleUserId: userId, linkedAt: storeTime(), changedAt: storeTime() }
    await Person.updateOne({ bot, personId }, { $set: fields, $unset: without(account, formerFields) })
  },

  /** Links a person to a user beside others. */
  async share(bot: Id, personId: number, userId: string, account: AccountNote = {}) {
    const fields = { ...account, userId, linkedAt: storeTime(), changedAt: storeTime() }
    await Person.updateOne(
      { bot, personId },
      { $set: fields, $unset: { ...without(account, formerFields), soleUserId: 1 as const } },
    )
  },

  /** Ends the link to this user, not one that came after it; of an account that is deleted the person is to hear with the next message. */
  async end(bot: Id, personId: number, userId: string, parted: 'disconnected' | 'deleted' = 'disconnected') {
    const fields = {
      formerUserId: userId,
      parted,
      changedAt: storeTime(),
      ...(parted === 'deleted' && { untold: true }),
    }
    await Person.updateOne({ bot, personId, userId }, { $set: fields, $unset: linkFields })
  },

  /** Those whose last link was to these users, and who have no other. */
  formerOf: (bot: Id, userIds: string[]) => Person.find({ bot, formerUserId: { $in: userIds } }).lean<PersonRecord[]>(),

  /** One page of those who are linked, in the order they first came. */
  after: (bot: Id, { after, limit }: { after?: string | undefined; limit: number }) =>
    Person.find({ bot, userId: { $exists: true }, ...(after && { _id: { $gt: after } }) })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<PersonRecord[]>(),

  /** The account of a link is blocked, or no longer. */
  async setBlock(bot: Id, personId: number, block: Block | null) {
    const changedAt = storeTime()
    const change = block ? { $set: { blocked: block, changedAt } } : { $set: { changedAt }, $unset: { blocked: 1 } }
    await Person.updateOne({ bot, personId }, change as object)
  },

  /** What the directory told of a linked account. */
  async note(bot: Id, personId: number, account: AccountNote) {
    await Person.updateOne({ bot, personId }, { $set: { ...account, changedAt: storeTime() } })
  },

  /** The person has heard that the account is gone. */
  async heardOfTheEnd(bot: Id, personId: number) {
    await Person.updateOne({ bot, personId }, { $unset: { untold: 1 } })
  },
}
