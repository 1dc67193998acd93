import { randomInt } from 'node:crypto'
import { type InferSchemaType, model, mongo, Schema, type Types } from 'mongoose'
import { fingerprint } from '../config/vault.ts'
import { SmsCount, type SmsLimit, smsLimits } from './sms-count.ts'
import { permit, revoke } from './sms-permit.ts'
import { storeTime } from './store-clock.ts'

type Id = Types.ObjectId
type Asker = { bot: Id; personId: number; requestId: string }
/**
 * `words` is what the person asked a code for, as it was typed; `number` (digits, international) is null where nobody
 * is known.
 */
type Wish = Asker & { words: string; number: string | null }

export const codeRules = {
  validMs: 600_000,
  tries: 5,
  /**
   * How long to wait after the first code, the second … before the next may be asked for; the last holds for all that
   * follow.
   */
  pausesMs: [30_000, 60_000, 120_000, 300_000, 900_000],
  /** Whoever asks for none for so long begins with the first pause again. */
  calmAfterMs: 3_600_000,
  limits: smsLimits,
}
export type CodeRules = typeof codeRules

/**
 * The six digits that a person has to read in an SMS, one living code a person and bot (`_id` is bot:person), as a
 * fingerprint. It is for
 * one request alone. A code without a print is sent to nobody and never right: it stands where nobody is known, or
 * no more SMS may go
 * to a number, and must not be told apart from the others by who asked for it.
 */
const schema = new Schema({
  _id: { type: String, required: true },
  requestId: { type: String, required: true },
  /** What was asked for and the number, as a fingerprint: the same wish once more may go on with this code. */
  wishPrint: { type: String },
  print: { type: String, default: null },
  tries: { type: Number, required: true },
  /** Which answer was right. The same answer is right again, no other one is. */
  usedBy: { type: String, default: null },
  issuedAt: { type: Date, required: true },
  expiresAt: { type: Date, required: true },
  /** How many codes were asked for without a calm between them. */
  asks: { type: Number, required: true },
  askAgainAt: { type: Date, required: true },
  forgetAt: { type: Date, required: true },
})
schema.index({ forgetAt: 1 }, { expireAfterSeconds: 0 })
type CodeRecord = InferSchemaType<typeof schema>

const Records = model('Code', schema)
const idOf = ({ bot, personId }: Asker) => `${bot}:${personId}`
const print = ({ bot, personId, requestId }: Asker, digits: string) =>
  fingerprint(`code:${bot}:${personId}:${requestId}`, digits)
/** The words are in it beside the number: nobody's number is null, and must not be told apart by it. */
const wishPrint = ({ bot, personId, words, number }: Wish) =>
  fingerprint(`code-wish:${bot}:${personId}`, JSON.stringify([words, number]))

/**
 * `issued`: the person is told that a code is on its way. Where `digits` is null none is, which the person must not
 * learn; `heldBy` is the
 * limit that held it. `refused`: the person may be told so, for it does not depend on whom we know; `living` is the
 * request of the last code
 * where that one still serves and was for the very same wish.
 */
export type CodeRequested =
  | { outcome: 'issued'; digits: string; expiresAt: Date; askAgainAt: Date }
  | { outcome: 'issued'; digits: null; heldBy: SmsLimit | null; expiresAt: Date; askAgainAt: Date }
  | { outcome: 'refused'; by: 'pause' | 'person' | 'bot'; until: Date; living: string | null }

export type CodeAnswered =
  | { outcome: 'right' }
  | { outcome: 'wrong'; triesLeft: number }
  | { outcome: 'no tries left' }
  /** It has expired, was used, or another request has replaced it. */
  | { outcome: 'over' }

export const Code = Object.assign(Records, {
  /**
   * Makes a code in place of the person's last one, to be sent to the number. The same request once more, after a
   * crash, makes other digits and is neither made to wait nor counted again.
   */
  async request(asked: Wish, rules = codeRules): Promise<CodeRequested> {
    const last = await Records.findById(idOf(asked)).lean()
    if (last?.requestId === asked.requestId && last.usedBy === null) return makeAgain(asked, last, rules)
    const now = storeTime()
    if (last && last.askAgainAt > now)
      return { outcome: 'refused', by: 'pause', until: last.askAgainAt, living: livingFor(asked, last, rules) }
    const permitted = await permit(asked, rules.limits)
    if ('refused' in permitted) {
      const living = livingFor(asked, last, rules)
      return { outcome: 'refused', by: permitted.refused, until: SmsCount.dayEnd(), living }
    }
    const digits = permitted.held ? null : sixDigits()
    const record = recordOf(asked, last, digits, rules)
    if (!(await replace(last, record))) {
      // Somebody asked at the same moment and was faster.
      await revoke(asked, permitted)
      return Code.request(asked, rules)
    }
    const { expiresAt, askAgainAt } = record
    if (digits === null) return { outcome: 'issued', digits, heldBy: permitted.heldBy, expiresAt, askAgainAt }
    return { outcome: 'issued', digits, expiresAt, askAgainAt }
  },

  async forget(bot: Id, personId: number) {
    await Records.deleteOne({ _id: `${bot}:${personId}` })
  },

  /**
   * Spends the code if these digits are right, else a try, in one step: of many answers at once one is right.
   * `answerId` names the answer:
   * the same one, repeated after a crash, is right again.
   */
  async consume(asked: Asker, digits: string, answerId: string, rules = codeRules): Promise<CodeAnswered> {
    const given = print(asked, digits)
    const now = storeTime()
    const living = { requestId: asked.requestId, usedBy: null, expiresAt: { $gt: now }, tries: { $lt: rules.tries } }
    const usedBy = { $cond: [{ $eq: ['$print', given] }, { $literal: answerId }, null] }
    const answered = await Records.findOneAndUpdate(
      { _id: idOf(asked), ...living },
      [{ $set: { tries: { $add: ['$tries', 1] }, usedBy } }],
      { returnDocument: 'after', updatePipeline: true },
    ).lean<CodeRecord>()
    if (answered?.usedBy === answerId) return { outcome: 'right' }
    if (answered && answered.tries < rules.tries) return { outcome: 'wrong', triesLeft: rules.tries - answered.tries }
    if (answered) return { outcome: 'no tries left' }
    return whyNot(await Records.findOne({ _id: idOf(asked), requestId: asked.requestId }).lean(), given, answerId, now)
  },
})

function whyNot(code: CodeRecord | null, given: string, answerId: string, now: Date): CodeAnswered {
  if (!code) return { outcome: 'over' }
  if (code.usedBy === answerId && code.print === given) return { outcome: 'right' }
  return { outcome: code.usedBy === null && code.expiresAt > now ? 'no tries left' : 'over' }
}

/** The request of the last code, if that serves for this wish. */
function livingFor(asked: Wish, last: CodeRecord | null, { tries }: CodeRules): string | null {
  if (last?.wishPrint !== wishPrint(asked)) return null
  return last.usedBy === null && last.expiresAt > storeTime() && last.tries < tries ? last.requestId : null
}

function recordOf(asked: Wish, last: CodeRecord | null, digits: string | null, rules: CodeRules): CodeRecord {
  const now = storeTime().getTime()
  const asks = last && now - last.issuedAt.getTime() < rules.calmAfterMs ? last.asks + 1 : 1
  const pauseMs = rules.pausesMs[asks - 1] ?? rules.pausesMs.at(-1) ?? 0
  return {
    _id: idOf(asked),
    requestId: asked.requestId,
    wishPrint: wishPrint(asked),
    print: digits === null ? null : print(asked, digits),
    tries: 0,
    usedBy: null,
    issuedAt: new Date(now),
    expiresAt: new Date(now + rules.validMs),
    asks,
    askAgainAt: new Date(now + pauseMs),
    forgetAt: new Date(now + Math.max(rules.validMs, rules.calmAfterMs, pauseMs)),
  }
}

/** Answers false when the last one is no longer the last one. */
async function replace(last: CodeRecord | null, record: CodeRecord): Promise<boolean> {
  if (last) {
    const same = { _id: last._id, requestId: last.requestId, issuedAt: last.issuedAt, asks: last.asks }
    return (await Records.replaceOne(same, record)).matchedCount === 1
  }
  try {
    await Records.create(record)
    return true
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === 11000) return false
    throw error
  }
}

/** The tries stay counted: whoever could make a request repeat itself must not gain guesses by it. */
async function makeAgain(asked: Asker, last: CodeRecord, { validMs }: CodeRules): Promise<CodeRequested> {
  const { askAgainAt } = last
  const expiresAt = new Date(storeTime().getTime() + validMs)
  if (last.print === null) return { outcome: 'issued', digits: null, heldBy: null, expiresAt, askAgainAt }
  const digits = sixDigits()
  await Records.updateOne(
    { _id: last._id, requestId: last.requestId, usedBy: null },
    { $set: { print: print(asked, digits), expiresAt } },
  )
  return { outcome: 'issued', digits, expiresAt, askAgainAt }
}

function sixDigits(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}
