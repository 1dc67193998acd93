import { t } from '../config/i18n.ts'
import { localeOf } from '../config/locales.ts'
import { UserError } from '../config/user-error.ts'
import { Audit } from '../models/audit.ts'
import { SmsCount } from '../models/sms-count.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'
import { smsLimitsOf } from './bot-sms.ts'
import { sendSms, tellCapReached } from './sms.ts'
import type { SmsTrouble } from './sms-in-words.ts'

/** Longer than any provider is waited for. */
const patienceMs = 20_000
const mayHaveLeft: readonly SmsTrouble[] = ['no answer', 'failing']

/** Sends a few fixed words to a number, which count as any SMS. @throws UserError when a cap is reached */
export async function testSms(
  admin: Admin,
  botId: string,
  to: string,
): Promise<{ sent: true } | { sent: false; reason: SmsTrouble }> {
  const bot = await authorise(admin, botId, 'admin')
  const limit = await SmsCount.take(bot._id, to, smsLimitsOf(bot))
  if (limit) throw new UserError(limit === 'bot' ? 'sms-test.capped' : 'sms-test.limited')
  const text = t(localeOf(bot.locale) ?? 'en', 'sms-test.text', { name: bot.name })
  const outcome = await sendSms(bot, { to, text }, AbortSignal.timeout(patienceMs))
  if (!outcome.sent && !mayHaveLeft.includes(outcome.reason)) await SmsCount.giveBack(bot._id, to)
  await tellCapReached(bot)
  await Audit.record(bot.server, bot._id, actorOf(admin), 'sms.test')
  return outcome.sent ? { sent: true } : { sent: false, reason: outcome.reason }
}
