import type { Sms, SmsOutcome } from '../channels/sms/gateway.ts'
import type { BotRecord } from '../models/bot.ts'
import { gatewayOf } from './bot-sms.ts'

export async function sendSms(
  bot: BotRecord,
  sms: Sms,
  signal: AbortSignal,
): Promise<SmsOutcome | { sent: false; reason: 'no gateway' }> {
  const gateway = await gatewayOf(bot)
  return gateway ? gateway.send(sms, signal) : { sent: false, reason: 'no gateway' }
}
export async function tellCapReached(_bot: BotRecord): Promise<void> {}
export async function tellSmsFails(_bot: BotRecord, _reason: string): Promise<void> {}
