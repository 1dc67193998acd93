import { z } from 'zod'
import type { SmsGateway } from '../channels/sms/gateway.ts'
import { openSmsGateway, type SmsSettings, smsSettings } from '../channels/sms/gateways.ts'
import { open, seal } from '../config/vault.ts'
import type { BotRecord } from '../models/bot.ts'
import { Server, sandboxId } from '../models/server.ts'
import { type SmsLimits, smsLimits } from '../models/sms-count.ts'

/** How many SMS a day an admin lets a bot send: in all, and to the countries (calling codes) that it is really for. */
export const smsCaps = z.object({
  perDay: z.int().min(0).max(1_000_000).default(smsLimits.bot),
  prefixes: z.record(z.string().regex(/^\d{1,3}$/), z.int().min(0).max(1_000_000)).default({}),
})
export type SmsCaps = z.output<typeof smsCaps>

/** The way of a bot's SMS: its own, in the sandbox the phones of its people; undefined where there is none. */
export async function gatewayOf(bot: BotRecord): Promise<SmsGateway | undefined> {
  const found = await smsSettingsOf(bot)
  return found && openSmsGateway(found.settings)
}

/** How a bot's SMS leave, and whether that was set for this bot. */
export async function smsSettingsOf(bot: BotRecord): Promise<{ settings: SmsSettings; own: boolean } | undefined> {
  const sealed: string | undefined = bot.settings?.sms?.sealed ?? undefined
  if (sealed) {
    const settings = smsSettings.parse(JSON.parse(open(Buffer.from(sealed, 'base64')).toString()))
    return { settings, own: true }
  }
  if (bot.server !== sandboxId) return undefined
  const { apiRoot: url } = await Server.findById(sandboxId).lean().orFail()
  return { settings: { gateway: 'sandbox', sandbox: { url } }, own: false }
}

/** Settings as they are kept: with the provider's secrets in them they are sealed as a whole. */
export function sealedSms(settings: SmsSettings): string {
  return seal(JSON.stringify(settings)).toString('base64')
}

export function smsCapsOf(bot: BotRecord): SmsCaps {
  return smsCaps.parse(bot.settings?.sms?.caps ?? {})
}

/** All limits of a bot's SMS: those that an admin set, and the usual ones. */
export function smsLimitsOf(bot: BotRecord): SmsLimits {
  const { perDay, prefixes } = smsCapsOf(bot)
  return { ...smsLimits, bot: perDay, prefixes }
}
