import { isDeepStrictEqual } from 'node:util'
import type { Bot, Bots } from '../bots.ts'
import { badRequest } from '../failures.ts'
import type { Parameters } from '../parameters.ts'

/** Keeps the list of `allowed_updates` for later updates. Without one the last list stays; an empty one is the default again. */
export function keepAllowed(bots: Bots, bot: Bot, parameters: Parameters): void {
  const given = parameters.json('allowed_updates', 'allowed_updates')
  if (given === undefined) return
  if (!Array.isArray(given)) throw badRequest("can't parse allowed updates list")
  const kinds = given.filter((kind) => typeof kind === 'string')
  if (isDeepStrictEqual(kinds, bot.allowedUpdates)) return
  bot.allowedUpdates = kinds
  bots.save(bot)
}
