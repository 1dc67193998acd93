import { model, mongo, Schema, type Types } from 'mongoose'
import { callingCode } from '../config/calling-code.ts'
import { fingerprint } from '../config/vault.ts'
import { storeTime } from './store-clock.ts'

type Id = Types.ObjectId
const dayMs = 86_400_000
const hourMs = 3_600_000

/** How many SMS a day (UTC) a bot may send: to whom one person asks for, to one number, to one country, and in all. */
export type SmsLimits = {
  person: number
  number: number
  prefix: number
  /** Of the countries that a bot is really for, by calling code: `{ 998: 1000 }`. */
  prefixes: Readonly<Record<string, number>>
  bot: number
}
export type SmsLimit = 'person' | 'number' | 'prefix' | 'bot'

export const smsLimits: SmsLimits = { person: 10, number: 10, prefix: 100, prefixes: {}, bot: 1000 }

/**
 * What was counted on a day: `_id` is bot:day:what:whose. A number stands there as a fingerprint, a country by its
 * calling code.
 * `told` is that somebody has taken it on to tell of a cap that is reached.
 */
const schema = new Schema({
  _id: { type: String, required: true },
  count: { type: Number, required: true },
  told: { type: Boolean },
  forgetAt: { type: Date, required: true },
})
schema.index({ forgetAt: 1 }, { expireAfterSeconds: 0 })

const Records = model('SmsCount', schema)
type Counter = { _id: string; limit: number }

export const SmsCount = Object.assign(Records, {
  /** Counts an SMS that a person asks for, before it is sent, so that those asked for at once count too. */
  takeOfPerson: (bot: Id, personId: number, limits = smsLimits): Promise<boolean> =>
    take({ _id: idOf(bot, 'person', personId), limit: limits.person }),

  async giveBackOfPerson(bot: Id, personId: number) {
    await giveBack([idOf(bot, 'person', personId)])
  },

  /** Drops what was counted of a person, today or the day before. */
  async forgetPerson(bot: Id, personId: number) {
    const now = storeTime().getTime()
    const ids = [now, now - dayMs].map((ms) => idOf(bot, 'person', personId, new Date(ms)))
    await Records.deleteMany({ _id: { $in: ids } })
  },

  /**
   * Counts an SMS to a number, unless one of the limits is reached: then nothing is counted, and that limit is the
   * answer.
   */
  async take(bot: Id, number: string, limits = smsLimits): Promise<SmsLimit | null> {
    const taken: string[] = []
    for (const [limit, counter] of countersOf(bot, number, limits)) {
      if (!(await take(counter))) {
        await giveBack(taken)
        return limit
      }
      taken.push(counter._id)
    }
    return null
  },

  /** An SMS that was counted, and then not sent. */
  async giveBack(bot: Id, number: string) {
    await giveBack(countersOf(bot, number, smsLimits).map(([, { _id }]) => _id))
  },

  /** How many SMS the bot has sent today, and of how many. */
  async today(bot: Id, limits = smsLimits): Promise<{ sent: number; cap: number; endsAt: Date }> {
    const record = await Records.findById(idOf(bot, 'bot')).lean()
    return { sent: record?.count ?? 0, cap: limits.bot, endsAt: dayEnd() }
  },

  async isCapped(bot: Id, limits = smsLimits): Promise<boolean> {
    const { sent, cap } = await SmsCount.today(bot, limits)
    return sent >= cap
  },

  /** Answers true to one caller a day, once the bot's cap is reached: it is for that one to tell the admins. */
  async takeAlert(bot: Id, limits = smsLimits): Promise<boolean> {
    const untold = { _id: idOf(bot, 'bot'), count: { $gte: limits.bot }, told: { $ne: true } }
    return (await Records.updateOne(untold, { $set: { told: true } })).matchedCount === 1
  },

  /** Answers true to one caller an hour: it is for that one to tell the admins that SMS do not leave. */
  async takeFailureAlert(bot: Id): Promise<boolean> {
    const now = storeTime()
    const told = { $set: { forgetAt: new Date(now.getTime() + hourMs) }, $setOnInsert: { count: 0 } }
    try {
      await Records.updateOne({ _id: `${bot}:fails`, forgetAt: { $lte: now } }, told, { upsert: true })
      return true
    } catch (error) {
      // It is there, and its hour is not over.
      if (error instanceof mongo.MongoServerError && error.code === 11000) return false
      throw error
    }
  },

  /** When all counts begin anew. */
  dayEnd,
})

/** The narrowest first, so that what one number uses up costs nobody else anything. */
function countersOf(bot: Id, number: string, limits: SmsLimits): [SmsLimit, Counter][] {
  const prefix = callingCode(number)
  return [
    ['number', { _id: idOf(bot, 'number', fingerprint(`sms:${bot}`, number)), limit: limits.number }],
    ['prefix', { _id: idOf(bot, 'prefix', prefix), limit: limits.prefixes[prefix] ?? limits.prefix }],
    ['bot', { _id: idOf(bot, 'bot'), limit: limits.bot }],
  ]
}

async function take({ _id, limit }: Counter): Promise<boolean> {
  if (limit < 1) return false
  try {
    await Records.updateOne(
      { _id, count: { $lt: limit } },
      { $inc: { count: 1 }, $setOnInsert: { forgetAt: new Date(dayEnd().getTime() + dayMs) } },
      { upsert: true },
    )
    return true
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError && error.code === 11000)) throw error
    // It is there and at its limit, or somebody else has just made it.
    return (await Records.updateOne({ _id, count: { $lt: limit } }, { $inc: { count: 1 } })).matchedCount === 1
  }
}

async function giveBack(ids: string[]): Promise<void> {
  await Records.updateMany({ _id: { $in: ids }, count: { $gt: 0 } }, { $inc: { count: -1 } })
}

function idOf(bot: Id, what: SmsLimit, whose: string | number = '', day = storeTime()): string {
  return `${bot}:${day.toISOString().slice(0, 10)}:${what}:${whose}`
}

function dayEnd(): Date {
  return new Date((Math.floor(storeTime().getTime() / dayMs) + 1) * dayMs)
}
