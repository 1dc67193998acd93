import { setTimeout as pause } from 'node:timers/promises'
import { t } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import type { Logger } from '../config/logger.ts'
import type { BotRecord } from '../models/bot.ts'
import { Code, type CodeAnswered, codeRules } from '../models/code.ts'
import { smsLimitsOf } from './bot-sms.ts'
import { sendSms, tellCapReached, tellSmsFails } from './sms.ts'

/**
 * Who asks for a code, by a request of that name, for a number; null is nobody's, and must look the same. `words` is
 * what was asked for as
 * the person said it.
 */
export type CodeWish = { bot: BotRecord; personId: number; requestId: string; words: string; number: string | null }
export type CodeAsked =
  | { outcome: 'issued' }
  | { outcome: 'refused'; by: 'pause' | 'person' | 'bot'; until: Date; living: string | null }

const patienceMs = 20_000
/**
 * How long the last SMS of a bot took to be handed over: so long nobody's takes as well, or the next reply would come
 * sooner.
 */
const lastTookMs = new Map<string, number>()

/**
 * Asks for a code, without sending it. `refused` depends on nothing that the person must not learn; `living` names
 * the request of a code
 * that was sent before and serves for this one.
 */
export async function requestCode({ bot, ...wish }: CodeWish): Promise<CodeAsked> {
  const requested = await Code.request({ ...wish, bot: bot._id }, rulesOf(bot))
  if (requested.outcome === 'refused') return requested
  return { outcome: 'issued' }
}

/**
 * Sends the code of a request that was issued. The digits are made anew here, so that they are nowhere before. What
 * fails is told to the admins.
 */
export async function sendCode({ bot, ...wish }: CodeWish, locale: Locale, log: Logger): Promise<void> {
  const issued = await Code.request({ ...wish, bot: bot._id }, rulesOf(bot))
  if (issued.outcome === 'issued' && issued.digits !== null && wish.number !== null) {
    const text = t(locale, 'code.sms', { code: issued.digits, bot: bot.name })
    const from = performance.now()
    const outcome = await sendSms(bot, { to: wish.number, text }, AbortSignal.timeout(patienceMs))
    lastTookMs.set(String(bot._id), performance.now() - from)
    if (!outcome.sent) {
      log.warn({ outcome }, 'an SMS could not be sent')
      await tellSmsFails(bot, outcome.reason)
    }
  } else await pause(lastTookMs.get(String(bot._id)) ?? 0)
  await tellCapReached(bot)
}

/** Whether these are the digits of a request; the answer's name makes its repeat the same answer. */
export function answerCode(
  { bot, ...wish }: Omit<CodeWish, 'number' | 'words'>,
  digits: string,
  answerId: string,
): Promise<CodeAnswered> {
  return Code.consume({ ...wish, bot: bot._id }, digits, answerId, rulesOf(bot))
}

function rulesOf(bot: BotRecord) {
  return { ...codeRules, limits: smsLimitsOf(bot) }
}
