import type { Sms, SmsOutcome } from '../channels/sms/gateway.ts'
import { t } from '../config/i18n.ts'
import type { BotRecord } from '../models/bot.ts'
import { SmsCount } from '../models/sms-count.ts'
import { gatewayOf, smsLimitsOf } from './bot-sms.ts'
import { type SmsTrouble, troubleText } from './sms-in-words.ts'
import { announce, type Offer } from './tell-admins.ts'

/** Sends an SMS the way a bot's SMS leave. It counts none: that is for who asks for it, before it is sent. */
export async function sendSms(
  bot: BotRecord,
  sms: Sms,
  signal: AbortSignal,
): Promise<SmsOutcome | { sent: false; reason: 'no gateway' }> {
  const gateway = await gatewayOf(bot)
  return gateway ? gateway.send(sms, signal) : { sent: false, reason: 'no gateway' }
}

/** Tells the bot's admins, once a day, that its cap of SMS is reached; before that it does nothing. */
export async function tellCapReached(bot: BotRecord): Promise<void> {
  const limits = smsLimitsOf(bot)
  if (!(await SmsCount.takeAlert(bot._id, limits))) return
  await announce(bot, { key: 'sms-alert.cap', params: { cap: limits.bot } }, [toSmsMenu(bot)])
}

/**
 * Tells the bot's admins that its SMS do not leave, at most once an hour. A number that cannot be reached says
 * nothing of the others.
 */
export async function tellSmsFails(bot: BotRecord, reason: SmsTrouble): Promise<void> {
  if (reason === 'number' || !(await SmsCount.takeFailureAlert(bot._id))) return
  const why = troubleText(reason)
  await announce(bot, { key: 'sms-alert.fails', params: (locale) => ({ why: t(locale, why) }) }, [toSmsMenu(bot)])
}

function toSmsMenu({ _id }: BotRecord): Offer {
  return { text: 'sms-alert.open', press: { menu: 'bot.sms', args: [String(_id)] } }
}
