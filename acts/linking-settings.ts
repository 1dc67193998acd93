import { UserError } from '../config/user-error.ts'
import { isCountry } from '../directory/phone.ts'
import { Audit } from '../models/audit.ts'
import { Bot } from '../models/bot.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'
import {
  countryOf,
  type LinkingSettings,
  type LinkingWay,
  lacksOf,
  linkingSettingsOf,
  linkingWays,
} from './linking-ways.ts'

/** The ways of linking a bot's accounts as its admins see them; `lacks` says for want of what one cannot work. */
export type LinkingView = {
  settings: LinkingSettings
  lacks: Record<LinkingWay, 'directory' | 'sms' | null>
  country: string | undefined
}

export async function viewLinking(admin: Admin, botId: string): Promise<LinkingView> {
  const bot = await authorise(admin, botId, 'admin')
  return { settings: linkingSettingsOf(bot), lacks: await lacksOf(bot), country: countryOf(bot) }
}

/** @throws UserError when there is no such way */
export async function switchWay(admin: Admin, botId: string, wished: string, to: 'on' | 'off'): Promise<void> {
  const way = linkingWays.find((one) => one === wished)
  if (!way) throw new UserError('error.staleButton')
  const bot = await authorise(admin, botId, 'admin')
  await Bot.changeSettings(bot._id, 'linking', { [way]: to === 'on' })
  await Audit.record(bot.server, bot._id, actorOf(admin), `linking.switch-${to}`, { way })
}

/** A country by its two letters. @throws UserError when there is none such */
export function countryIn(typed: string): string {
  const country = typed.trim().toUpperCase()
  if (!isCountry(country)) throw new UserError('linking-settings.noCountry')
  return country
}

/** Sets whose numbers people may type without the country's code. @throws UserError when there is no such country */
export async function setCountry(admin: Admin, botId: string, typed: string): Promise<void> {
  const country = countryIn(typed)
  const bot = await authorise(admin, botId, 'admin')
  await Bot.changeSettings(bot._id, 'linking', { country })
  await Audit.record(bot.server, bot._id, actorOf(admin), 'linking.set-country', { country })
}
