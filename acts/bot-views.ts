import { Bot, type BotRecord } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { Person } from '../models/person.ts'
import { Update } from '../models/update.ts'
import { type Admin, authorise, metabotKind, rightsOf } from './authorise.ts'
import { breakerOf } from './bot-directory.ts'
import { intakeView } from './intake.ts'

/** The bots of a server that a person has any right to. @throws UserError to a stranger */
export async function visibleBots(admin: Admin): Promise<BotRecord[]> {
  const [rights, bots] = await Promise.all([rightsOf(admin), Bot.onServer(admin.server)])
  const all = rights.some(({ bot }) => bot === null)
  return bots.filter(
    ({ _id, kind }) => kind !== metabotKind && (all || rights.some(({ bot }) => bot !== null && _id.equals(bot))),
  )
}

/** A bot and how it is: what waits on both sides, what died, how many people know it. */
export async function botHealth(admin: Admin, botId: string) {
  const bot = await authorise(admin, botId, 'viewer')
  const [intake, waitingIn, waitingOut, dead, people, breaker] = await Promise.all([
    intakeView(bot),
    Update.waiting(bot._id),
    Delivery.countDocuments({ bot: bot._id, state: { $in: ['queued', 'sending'] } }),
    Update.dead(bot._id),
    Person.countDocuments({ bot: bot._id }),
    breakerOf(bot),
  ])
  return { bot, intake, waitingIn, waitingOut, dead, people, breaker }
}

/** What a bot does just now. */
export function stateOf({ switchedOff, tokenDeadSince }: BotRecord): 'switchedOff' | 'tokenDead' | 'runs' {
  if (switchedOff) return 'switchedOff'
  return tokenDeadSince ? 'tokenDead' : 'runs'
}
