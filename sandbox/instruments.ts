import { type Bot, botFatherId, nameOf } from './bots.ts'
import type { CallCounts } from './counters.ts'
import type { Fault } from './faults.ts'
import { figures, type Refused } from './limits.ts'
import type { World } from './world.ts'

export type LimitsView = typeof figures & {
  /** Whether the bot is held to them. */
  on: boolean
  /** Whether that is its own switch. */
  own: boolean
  refused: Refused
}

/** What is set for one bot and what was counted of it. */
export interface Readings {
  id: number
  username: string
  first_name: string
  limits: LimitsView
  fault: Fault
  calls: CallCounts
  per_second: number
  webhook: { url: string; pending: number; last_error?: string }
}

/** The instruments of all bots, busiest first, and what is set for all. */
export function readInstruments(world: World): { limits: LimitsView; fault: Fault; bots: Readings[] } {
  const bots = world.bots
    .all()
    .filter(({ id }) => id !== botFatherId)
    .map((bot) => read(world, bot))
  const calls = ({ calls }: Readings) => sum(Object.values(calls).flatMap((outcomes) => Object.values(outcomes)))
  bots.sort((one, other) => calls(other) - calls(one))
  return { limits: limitsOf(world, 0), fault: world.faults.get(0), bots }
}

/** Bot 0 is the switch for all; what they were refused is summed up there. */
export function limitsOf({ limits, bots }: World, bot: number): LimitsView {
  const ids = bot === 0 ? bots.all().map(({ id }) => id) : [bot]
  const all = ids.map((id) => limits.refused(id))
  const total = (why: keyof Refused) => sum(all.map((refused) => refused[why]))
  const refused = { bot: total('bot'), chat: total('chat'), group: total('group'), cooldown: total('cooldown') }
  return { on: limits.on(bot), own: limits.own(bot) !== undefined, ...figures, refused }
}

function read(world: World, bot: Bot): Readings {
  const { faults, counters, webhooks, updates } = world
  const error = webhooks.lastError(bot)?.message
  return {
    id: bot.id,
    username: bot.username,
    first_name: nameOf(bot),
    limits: limitsOf(world, bot.id),
    fault: faults.get(bot.id),
    calls: counters.of(bot.id),
    per_second: counters.rate(bot.id),
    webhook: { url: bot.webhook?.url ?? '', pending: updates.count(bot), ...(error && { last_error: error }) },
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
