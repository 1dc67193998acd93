import { isValidObjectId } from 'mongoose'
import { UserError } from '../config/user-error.ts'
import { Audit } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import { type InboxPayload, Update } from '../models/update.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'

const perPage = 4

/** What a dead update was. Nothing of its text is ever told. */
export type DeadKind = 'message' | 'edit' | 'press' | 'scene' | 'other'
/** `number` counts them from 1, the latest first. */
export type DeadUpdate = { id: string; number: number; kind: DeadKind; receivedAt: Date; error: string }
export type DeadUpdates = { bot: BotRecord; updates: DeadUpdate[]; total: number; page: number; pages: number }

/** One page (from 0) of the updates of a bot that failed for good, the latest first. */
export async function deadUpdates(admin: Admin, botId: string, wished: number): Promise<DeadUpdates> {
  const bot = await authorise(admin, botId, 'admin')
  const total = await Update.dead(bot._id)
  const pages = Math.max(1, Math.ceil(total / perPage))
  const page = Math.min(wished, pages - 1)
  const dead = await Update.deadOf(bot._id, { skip: page * perPage, limit: perPage })
  const updates = dead.map((record, at) => ({
    id: String(record._id),
    number: page * perPage + at + 1,
    kind: kindOf(Update.payload(record)),
    receivedAt: record.receivedAt,
    error: record.error ?? 'Error',
  }))
  return { bot, updates, total, page, pages }
}

/**
 * Puts one of them back, or with an empty id all, to be tried anew; or gives it up. Answers how many.
 * @throws UserError when there is none (any more)
 */
export async function settleDead(admin: Admin, botId: string, id: string, how: 'replay' | 'dismiss'): Promise<number> {
  const bot = await authorise(admin, botId, 'admin')
  // A client can send any id.
  const count = id && !isValidObjectId(id) ? 0 : await Update[how](bot._id, id || undefined)
  if (count === 0) throw new UserError('error.updateGone')
  await Audit.record(bot.server, bot._id, actorOf(admin), `update.${how}`, { count })
  return count
}

function kindOf(payload: InboxPayload): DeadKind {
  if (!('update' in payload)) return 'scene'
  const { message, edited_message, callback_query } = payload.update
  if (message) return 'message'
  if (edited_message) return 'edit'
  return callback_query ? 'press' : 'other'
}
