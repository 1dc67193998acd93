import type { Types } from 'mongoose'
import { SmsCount, type SmsLimit, type SmsLimits } from './sms-count.ts'

/** Who asks for an SMS, and the number it would go to, which is null where nobody is known. */
export type Wish = { bot: Types.ObjectId; personId: number; number: string | null }

/**
 * `held`: nothing is to be sent, which the person must not learn, for it would tell whom we know; `heldBy` is the limit of the number that
 * held it. `refused`: a limit that meets everybody alike, so the person may be told.
 */
export type Permit = { held: boolean; heldBy: SmsLimit | null } | { refused: 'person' | 'bot' }

/** Counts an SMS that is wished for, before it is sent. */
export async function permit({ bot, personId, number }: Wish, limits: SmsLimits): Promise<Permit> {
  if (!(await SmsCount.takeOfPerson(bot, personId, limits))) return { refused: 'person' }
  const heldBy = number === null ? null : await SmsCount.take(bot, number, limits)
  const held = number === null || heldBy !== null
  const isCapped = heldBy === 'bot' || (held && (await SmsCount.isCapped(bot, limits)))
  if (!isCapped) return { held, heldBy }
  await SmsCount.giveBackOfPerson(bot, personId)
  return { refused: 'bot' }
}

/** Nothing came of the wish. */
export async function revoke({ bot, personId, number }: Wish, { held }: { held: boolean }): Promise<void> {
  await SmsCount.giveBackOfPerson(bot, personId)
  if (number !== null && !held) await SmsCount.giveBack(bot, number)
}
