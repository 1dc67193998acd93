import { UserError } from '../config/user-error.ts'
import { callingCodeIn } from '../directory/phone.ts'
import { type ActName, Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'
import { type SmsCaps, smsCaps, smsCapsOf } from './bot-sms.ts'

/** How many SMS a day somebody means. @throws UserError when it is no number that can be */
export function capIn(typed: string): number {
  const digits = typed.replace(/[\s,_]/g, '')
  const { data } = smsCaps.shape.perDay.safeParse(/^\d{1,9}$/.test(digits) ? Number(digits) : null)
  if (data === undefined) throw new UserError('sms-settings.noCap')
  return data
}

/**
 * A country's calling code, typed as such (`+998`) or by the country's two letters. @throws UserError when it is none
 */
export function prefixIn(typed: string): string {
  const prefix = callingCodeIn(typed)
  if (!prefix) throw new UserError('sms-settings.noPrefix')
  return prefix
}

export async function setDailyCap(admin: Admin, botId: string, perDay: number): Promise<void> {
  await change(admin, botId, 'sms.set-cap', { cap: perDay }, (caps) => ({ ...caps, perDay }))
}

/** Sets how many SMS a day go to a country; undefined is as many as to any other. */
export async function setCountryCap(admin: Admin, botId: string, prefix: string, cap?: number): Promise<void> {
  await change(
    admin,
    botId,
    'sms.set-country-cap',
    { prefix: `+${prefix}`, cap: cap ?? '–' },
    ({ perDay, prefixes }) => {
      const { [prefix]: _, ...others } = prefixes
      return { perDay, prefixes: cap === undefined ? others : { ...others, [prefix]: cap } }
    },
  )
}

async function change(
  admin: Admin,
  botId: string,
  act: ActName,
  details: object,
  changed: (caps: SmsCaps) => SmsCaps,
): Promise<void> {
  const bot: BotRecord = await authorise(admin, botId, 'admin')
  await Bot.changeSettings(bot._id, 'sms', { caps: smsCaps.parse(changed(smsCapsOf(bot))) })
  await Audit.record(bot.server, bot._id, actorOf(admin), act, details)
}
