import type { z } from 'zod'
import type { Logger } from '../config/logger.ts'
import { UserError } from '../config/user-error.ts'
import type { Question } from '../directory/account-data.ts'
import type { BreakerStatus } from '../directory/breaker.ts'
import { openDirectory } from '../directory/directory.ts'
import { type CallName, type DirectorySettings, directorySettings } from '../directory/settings.ts'
import { type ActName, Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'
import { breakerOf, directoryOf, directorySettingsOf, sealedDirectory } from './bot-directory.ts'
import { type DirectoryOutcome, outcomeOf } from './directory-outcome.ts'
import { checkedBy } from './rule-in-words.ts'
import { phoneIn } from './typed-phone.ts'

/** The directory of a bot as its admins see it: the token is left out, nobody reads it again. */
export type DirectoryView = {
  settings: Omit<DirectorySettings, 'token'> | undefined
  /** Set for this bot; else it is what its server has for bots that have none. */
  own: boolean
  breaker: BreakerStatus | undefined
}

/** Where a directory is and how it knows us. */
export type DirectoryAccess = Pick<DirectorySettings, 'baseUrl' | 'token' | 'header'>
export type DirectoryCall = { method: string; path: string }

export async function viewDirectory(admin: Admin, botId: string): Promise<DirectoryView> {
  const bot = await authorise(admin, botId, 'admin')
  const found = await directorySettingsOf(bot)
  if (!found) return { settings: undefined, own: false, breaker: undefined }
  const { token: _, ...settings } = found.settings
  return { settings, own: found.own, breaker: await breakerOf(bot) }
}

const { shape } = directorySettings

/** A part of the settings as somebody typed it. @throws UserError that says what is wrong with it */
export function directoryPartIn(part: 'baseUrl' | 'token' | 'header', typed: string): string {
  return checkedBy<z.ZodType<string>>(shape[part], typed)
}

/** The path of a call, typed without its slash, for with it it would be a command. @throws UserError when it is none */
export function pathIn(typed: string): string {
  return checkedBy(shape.calls, { find: { path: `/${typed.replace(/^\//, '')}` } }).find.path
}

/** Asks a directory once that is not set yet. */
export async function tryDirectory(
  admin: Admin,
  botId: string,
  access: DirectoryAccess,
  log: Logger,
): Promise<DirectoryOutcome> {
  const settings = await madeOf(await authorise(admin, botId, 'admin'), access)
  return outcomeOf(await openDirectory(settings, log).check(), settings)
}

/** Gives a bot a directory of its own. What was set about its calls and its timeout stays. */
export async function setDirectory(admin: Admin, botId: string, access: DirectoryAccess): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  await keep(bot, await madeOf(bot, access))
  await record(admin, bot, 'directory.set', { origin: new URL(access.baseUrl).origin })
}

/**
 * Changes how the directory offers a call; null is that it does not offer it. @throws UserError when it cannot be
 * called so
 */
export async function changeCall(
  admin: Admin,
  botId: string,
  name: CallName,
  call: DirectoryCall | null,
): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const settings = await ownSettings(bot)
  await keep(bot, checkedBy(directorySettings, { ...settings, calls: { ...settings.calls, [name]: call } }))
  await record(admin, bot, 'directory.change-call', { call: name })
}

export async function setDirectoryTimeout(admin: Admin, botId: string, seconds: number): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  await keep(bot, checkedBy(directorySettings, { ...(await ownSettings(bot)), timeoutMs: seconds * 1000 }))
  await record(admin, bot, 'directory.set-timeout', { seconds })
}

/** Takes a bot its own directory; where its server has one, that counts from then on. */
export async function removeDirectory(admin: Admin, botId: string): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  await Bot.changeSettings(bot._id, 'directory', { sealed: null })
  await record(admin, bot, 'directory.remove')
}

/**
 * Asks the directory once: for somebody who cannot be, or for whom is named. @throws UserError when the bot has none
 */
export async function checkDirectory(
  admin: Admin,
  botId: string,
  log: Logger,
  by?: Question,
): Promise<DirectoryOutcome> {
  const bot = await authorise(admin, botId, 'admin')
  const [directory, found] = await Promise.all([directoryOf(bot, log), directorySettingsOf(bot)])
  if (!directory || !found) throw new UserError('directory-settings.none')
  await record(admin, bot, 'directory.check')
  return outcomeOf(await directory.check(by), found.settings)
}

/** Whom an admin asks the directory for. @throws UserError when it is no such thing */
export async function questionIn(
  admin: Admin,
  botId: string,
  by: 'userId' | 'email' | 'phone',
  typed: string,
): Promise<Question> {
  if (by === 'userId') return { userId: typed }
  if (by === 'email') {
    if (!/^\S+@\S+$/.test(typed)) throw new UserError('ask-directory.noEmail')
    return { email: typed }
  }
  return { phone: await phoneIn(admin, botId, typed) }
}

async function madeOf(bot: BotRecord, access: DirectoryAccess): Promise<DirectorySettings> {
  const found = await directorySettingsOf(bot)
  return checkedBy(directorySettings, { ...(found?.own && found.settings), ...access })
}

/** A server's directory is not for the admin of one bot to change. */
async function ownSettings(bot: BotRecord): Promise<DirectorySettings> {
  const found = await directorySettingsOf(bot)
  if (!found?.own) throw new UserError('directory-settings.noneOfItsOwn')
  return found.settings
}

async function keep(bot: BotRecord, settings: DirectorySettings): Promise<void> {
  await Bot.changeSettings(bot._id, 'directory', { sealed: sealedDirectory(settings) })
}

function record(admin: Admin, bot: BotRecord, act: ActName, details?: object) {
  return Audit.record(bot.server, bot._id, actorOf(admin), act, details)
}
