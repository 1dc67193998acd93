import { limits } from '../../bot-api/limits.ts'
import { conflict } from '../failures.ts'
import { keepAllowed } from './allowed-updates.ts'
import type { BotMethod } from './method.ts'

const longestPoll = 50

export const getUpdates: BotMethod = async ({ updates, bots }, { bot, parameters, gone }) => {
  if (bot.webhook)
    throw conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
  const other = 'terminated by other getUpdates request; make sure that only one bot instance is running'
  updates.endPoll(bot, conflict(other))
  keepAllowed(bots, bot, parameters)
  const offset = parameters.integer('offset')
  if (offset) updates.confirm(bot, offset)
  const limit = Math.min(Math.max(parameters.integer('limit') ?? limits.updatesPerPoll, 1), limits.updatesPerPoll)
  const timeout = Math.min(parameters.integer('timeout') ?? 0, longestPoll)
  const found = updates.waiting(bot, limit)
  if (found.length > 0 || timeout <= 0) return found
  await updates.wait(bot, timeout, gone())
  return updates.waiting(bot, limit)
}
