import type { z } from 'zod'
import { type SmsSettings, smsSettings } from '../channels/sms/gateways.ts'
import { httpSmsSettings } from '../channels/sms/http.ts'
import { twilioSettings } from '../channels/sms/twilio.ts'
import { type ActName, Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { sandboxId } from '../models/server.ts'
import { SmsCount } from '../models/sms-count.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'
import { type SmsCaps, sealedSms, smsCapsOf, smsLimitsOf, smsSettingsOf } from './bot-sms.ts'
import { checkedBy, objectionOf } from './rule-in-words.ts'

/** The SMS of a bot as its admins see them: of a way only what is no secret. */
export type SmsView = {
  way: { gateway: 'http'; host: string } | { gateway: 'twilio'; from: string } | { gateway: 'sandbox' } | undefined
  /** Set for this bot; else the phones of the sandbox are its way. */
  own: boolean
  inSandbox: boolean
  today: { sent: number; cap: number; endsAt: Date }
  caps: SmsCaps
  /** A day, to a country that has no cap of its own. */
  usualCap: number
}

export type HttpDraft = z.input<typeof httpSmsSettings>
export type TwilioDraft = z.input<typeof twilioSettings>

export async function viewSms(admin: Admin, botId: string): Promise<SmsView> {
  const bot = await authorise(admin, botId, 'admin')
  const limits = smsLimitsOf(bot)
  const [found, today] = await Promise.all([smsSettingsOf(bot), SmsCount.today(bot._id, limits)])
  return {
    way: found && shown(found.settings),
    own: found?.own ?? false,
    inSandbox: bot.server === sandboxId,
    today,
    caps: smsCapsOf(bot),
    usualCap: limits.prefix,
  }
}

/**
 * Looks at what was typed of a gateway so far. @throws UserError about the parts that are named, for the others are
 * still to come
 */
export function checkHttp(draft: HttpDraft, parts: readonly (keyof HttpDraft)[]): void {
  const { error } = httpSmsSettings.safeParse(draft)
  const issue = error?.issues.find(({ path }) => parts.some((part) => part === path[0]))
  if (issue) throw objectionOf(issue)
}

/** A part of Twilio's settings as somebody typed it. @throws UserError */
export function twilioPartIn(part: 'accountSid' | 'keySid' | 'secret' | 'from', typed: string): string {
  checkedBy(twilioSettings.shape[part], typed)
  return typed
}

/** Lines of `Name: value`, as headers are written. @throws UserError when a line is none */
export function headersIn(typed: string): Record<string, string> {
  const pairs = typed.split('\n').map((line) => /^([^:\s]+):\s*(\S.*)$/.exec(line.trim()))
  const headers = Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']))
  checkHttp({ url: '', headers }, ['headers'])
  return headers
}

/** Gives a bot its own way for SMS. @throws UserError when it cannot work */
export async function setSms(
  admin: Admin,
  botId: string,
  way: { gateway: 'http'; http: HttpDraft } | { gateway: 'twilio'; twilio: TwilioDraft },
): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  await Bot.changeSettings(bot._id, 'sms', { sealed: sealedSms(checkedBy(smsSettings, way)) })
  await record(admin, bot, 'sms.set', { gateway: way.gateway })
}

/** Takes a bot its own way for SMS; in the sandbox they go to the phones there from then on. */
export async function removeSms(admin: Admin, botId: string): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  await Bot.changeSettings(bot._id, 'sms', { sealed: null })
  await record(admin, bot, 'sms.remove')
}

function shown(settings: SmsSettings): NonNullable<SmsView['way']> {
  if (settings.gateway === 'http') return { gateway: 'http', host: new URL(settings.http.url).host }
  return settings.gateway === 'twilio' ? { gateway: 'twilio', from: settings.twilio.from } : { gateway: 'sandbox' }
}

function record(admin: Admin, bot: BotRecord, act: ActName, details?: object) {
  return Audit.record(bot.server, bot._id, actorOf(admin), act, details)
}
