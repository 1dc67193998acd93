import { randomInt } from 'node:crypto'
import { mongo } from 'mongoose'
import { z } from 'zod'
import { Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Key, type KeyRecord } from '../models/key.ts'
import { storeTime } from '../models/store-clock.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'

/** Eight digits without a leading zero, which a spreadsheet would swallow. */
const smallest = 10_000_000
const beyond = 100_000_000
const hourMs = 3_600_000

/** What an admin may set about keys, per bot. */
export const keySettings = z.object({
  validForHours: z.number().min(1).max(720).default(24),
  /** Several persons may be connected to one user. */
  shareUsers: z.boolean().default(false),
})
export type KeySettings = z.output<typeof keySettings>

/** A person's key as it stands: to be handed over, bound to a user, or past its time. */
export type OwnKey = { state: 'fresh' | 'bound' | 'expired'; digits: string; expiresAt: Date }

/** The key of a person; the first one is made when it is first asked for. */
export async function ownKey(bot: BotRecord, personId: number): Promise<OwnKey> {
  const current = await Key.current(bot._id, personId)
  if (current) return shown(current, current.boundAt ? 'bound' : 'fresh')
  const expired = await Key.findOne({ bot: bot._id, personId, retiredAt: null }).lean<KeyRecord>()
  return expired ? shown(expired, 'expired') : issueKey(bot, personId)
}

/** Gives a person new digits in place of the unbound ones. A key that still serves is shown again instead. */
export async function issueKey(bot: BotRecord, personId: number): Promise<OwnKey> {
  const current = await Key.current(bot._id, personId)
  if (current) return shown(current, current.boundAt ? 'bound' : 'fresh')
  await Key.retireUnbound(bot._id, personId)
  return shown(
    await untaken(bot, personId, new Date(storeTime().getTime() + keySettingsOf(bot).validForHours * hourMs)),
    'fresh',
  )
}

/** Sets for how long a new key of this bot is valid. Keys that were given out stay as they are. */
export async function setValidity(admin: Admin, botId: string, hours: number): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const { validForHours } = await change(bot, { validForHours: hours })
  await Audit.record(bot.server, bot._id, actorOf(admin), 'keys.set-validity', { validForHours })
}

/** Sets whether several persons may be connected to one user. Links that there are stay as they are. */
export async function setSharing(admin: Admin, botId: string, to: 'on' | 'off'): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  await change(bot, { shareUsers: to === 'on' })
  await Audit.record(bot.server, bot._id, actorOf(admin), `keys.share-${to}`)
}

/** What is set about the keys of this bot. */
export async function keySettingsFor(admin: Admin, botId: string): Promise<KeySettings> {
  return keySettingsOf(await authorise(admin, botId, 'admin'))
}

export function keySettingsOf(bot: BotRecord): KeySettings {
  return keySettings.parse(bot.settings?.keys ?? {})
}

async function change(bot: BotRecord, part: Partial<KeySettings>): Promise<KeySettings> {
  const changed = keySettings.parse({ ...bot.settings?.keys, ...part })
  await Bot.changeSettings(bot._id, 'keys', part)
  return changed
}

async function untaken(bot: BotRecord, personId: number, expiresAt: Date): Promise<KeyRecord> {
  try {
    return await Key.issue(bot._id, personId, String(randomInt(smallest, beyond)), expiresAt)
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === 11000) return untaken(bot, personId, expiresAt)
    throw error
  }
}

function shown(key: KeyRecord, state: OwnKey['state']): OwnKey {
  return { state, digits: Key.digits(key), expiresAt: key.expiresAt }
}

/** Digits as they are read out: `1234 5678`. */
export function spoken(digits: string): string {
  return digits.replace(/(\d{4})(?=\d)/g, '$1 ')
}

/** A key as somebody typed it, with or without spaces and dashes. */
export function digitsOf(typed: string): string {
  return typed.replace(/[\s-]/g, '')
}
