import { z } from 'zod'
import type { BotRecord } from '../models/bot.ts'
import { directorySettingsOf } from './bot-directory.ts'
import { smsSettingsOf } from './bot-sms.ts'

/**
 * The ways by which people link their accounts: a shared contact, an SMS, a key, a link of the system's, a
 * registration.
 */
export const linkingWays = ['contact', 'sms', 'key', 'deepLink', 'register'] as const
export type LinkingWay = (typeof linkingWays)[number]

const onOrOff = z.boolean().default(true)

/**
 * What an admin may set about linking, per bot. `country` (two letters) is the one whose numbers may be typed without
 * its code.
 */
export const linkingSettings = z.object({
  contact: onOrOff,
  sms: onOrOff,
  key: onOrOff,
  deepLink: onOrOff,
  register: onOrOff,
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
})
export type LinkingSettings = z.output<typeof linkingSettings>

const countries: Record<string, string> = { ru: 'RU', uz: 'UZ' }

export function linkingSettingsOf(bot: BotRecord): LinkingSettings {
  return linkingSettings.parse(bot.settings?.linking ?? {})
}

/**
 * The country whose numbers people may type without its code: the one that an admin chose, else the one of the bot's
 * language.
 */
export function countryOf(bot: BotRecord): string | undefined {
  return linkingSettingsOf(bot).country ?? countries[bot.locale]
}

/**
 * For want of what a way cannot work: but for keys and deep links they need a directory, and a code needs a way for
 * SMS.
 */
export async function lacksOf(bot: BotRecord): Promise<Record<LinkingWay, 'directory' | 'sms' | null>> {
  const [directory, sms] = await Promise.all([directorySettingsOf(bot), smsSettingsOf(bot)])
  const lacking = directory ? null : 'directory'
  return { contact: lacking, sms: lacking ?? (sms ? null : 'sms'), key: null, deepLink: null, register: lacking }
}

/** The ways that are on, and that work. */
export async function waysOf(bot: BotRecord): Promise<ReadonlySet<LinkingWay>> {
  const settings = linkingSettingsOf(bot)
  const lacks = await lacksOf(bot)
  return new Set(linkingWays.filter((way) => settings[way] && !lacks[way]))
}
