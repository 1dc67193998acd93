import { limits } from '../../bot-api/limits.ts'
import { badRequest } from '../failures.ts'
import type { Parameters } from '../parameters.ts'
import type { BotMethod } from './method.ts'

const longestPoll = 50

export const getUpdates: BotMethod = async ({ updates, bots }, { bot, parameters, gone }) => {
  updates.takeOver(bot)
  const allowed = readAllowed(parameters)
  if (allowed) {
    bot.allowedUpdates = allowed
    bots.save(bot)
  }
  const offset = parameters.integer('offset')
  if (offset) updates.confirm(bot, offset)
  const limit = Math.min(Math.max(parameters.integer('limit') ?? limits.updatesPerPoll, 1), limits.updatesPerPoll)
  const timeout = Math.min(parameters.integer('timeout') ?? 0, longestPoll)
  const found = updates.waiting(bot, limit)
  if (found.length > 0 || timeout <= 0) return found
  await updates.wait(bot, timeout, gone())
  return updates.waiting(bot, limit)
}

/** Undefined leaves what the bot asked for before; an empty list is the default again. */
function readAllowed(parameters: Parameters): string[] | undefined {
  const given = parameters.json('allowed_updates', 'allowed_updates')
  if (given === undefined) return undefined
  if (!Array.isArray(given)) throw badRequest("can't parse allowed updates list")
  return given.filter((kind) => typeof kind === 'string')
}
