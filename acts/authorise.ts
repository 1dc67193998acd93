import { isValidObjectId, type Types } from 'mongoose'
import { UserError } from '../config/user-error.ts'
import { ApiKey } from '../models/api-key.ts'
import type { Actor } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Right, type RightRecord, type Role } from '../models/right.ts'

/** A person in Metabot. Ids of persons mean something on their own server only. */
export type Admin = { server: string; personId: number }
/** Who acts: an admin, or another system by its API key. */
export type Doer = Admin | { apiKey: Types.ObjectId }

export const metabotKind = 'metabot'

/** Who speaks in a scene or looks at a menu, as the acts know them. */
export function doerOf({ bot, person }: { bot: { record: BotRecord }; person: { id: number } }): Admin {
  return { server: bot.record.server, personId: person.id }
}

/** The doer as the audit log names it. */
export function actorOf(doer: Doer): Actor {
  return 'apiKey' in doer ? doer : { personId: doer.personId }
}

/**
 * The bot that somebody wants to act on, once they may: asked anew for each act.
 * @throws UserError when the bot is gone, or when they may not
 */
export async function authorise(doer: Doer, botId: string | Types.ObjectId, role: Role): Promise<BotRecord> {
  const bot = isValidObjectId(botId) ? await Bot.byId(botId) : null
  if (!bot || bot.kind === metabotKind) throw new UserError('error.botGone')
  const may = 'apiKey' in doer ? await keyReaches(doer.apiKey, bot) : await adminReaches(doer, bot, role)
  if (!may) throw new UserError('error.noRight')
  return bot
}

/** What somebody may do here. @throws UserError telling a stranger what Metabot is */
export async function rightsOf({ server, personId }: Admin): Promise<RightRecord[]> {
  const rights = await Right.of(server, personId)
  if (rights.length === 0) throw new UserError('colony.stranger')
  return rights
}

/** @throws UserError when a person lacks this role for all bots of the server */
export async function authoriseForAll(admin: Admin, role: Role): Promise<void> {
  if (!(await mayAll(admin, role))) throw new UserError('error.noRight')
}

/** Whether a person has this role for all bots of the server. */
export function mayAll({ server, personId }: Admin, role: Role): Promise<boolean> {
  return Right.holds(server, personId, null, role)
}

async function adminReaches({ server, personId }: Admin, bot: BotRecord, role: Role): Promise<boolean> {
  return bot.server === server && (await Right.holds(server, personId, bot._id, role))
}

async function keyReaches(id: Types.ObjectId, bot: BotRecord): Promise<boolean> {
  const key = await ApiKey.byId(id)
  if (!key || key.revokedAt || key.server !== bot.server) return false
  return key.bots === null || key.bots.some((one) => one.equals(bot._id))
}
