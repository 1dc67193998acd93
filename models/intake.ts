import { CronExpressionParser } from 'cron-parser'
import type { Types } from 'mongoose'
import { storeTime } from './store-clock.ts'

/** How often a bot that is read on a schedule is read. A cron has five fields. */
export type Schedule = { by: 'seconds'; seconds: number } | { by: 'cron'; cron: string; timezone: string }
/** How a bot's messages come in. */
export type IntakePlan = { by: 'polling' } | { by: 'webhook' } | Schedule

export const secondsAllowed = { least: 1, most: 86_400 }

/**
 * A webhook of somebody else's at a bot of ours. Its path may hold their secrets: so its origin alone is kept, and a fingerprint to know it
 * again. `mayReplace`: an admin has said that we take over from it.
 */
export type ForeignWebhook = { origin: string; print: string; mayReplace: boolean }

/** The plan of a bot's record; one that was made before there was a choice is polled. */
export function planOf({ intake }: { intake?: IntakePlan | null }): IntakePlan {
  return intake ?? { by: 'polling' }
}

export function isSchedule(plan: IntakePlan): plan is Schedule {
  return plan.by === 'seconds' || plan.by === 'cron'
}

/**
 * When a bot on a schedule is read next, after an instant. Seconds are counted from the epoch, so that a restart moves nothing, with a
 * share of the period that is the bot's own, so that bots of one period are not all read at once.
 */
export function nextLook(schedule: Schedule, bot: Types.ObjectId, after = storeTime()): Date {
  if (schedule.by === 'cron') {
    const { cron, timezone } = schedule
    return CronExpressionParser.parse(cron, { tz: timezone, currentDate: after }).next().toDate()
  }
  const period = schedule.seconds * 1000
  // The last bytes of an id count up; the factor, a prime, spreads neighbours.
  const share = (Number.parseInt(String(bot).slice(-6), 16) * 7919) % period
  return new Date((Math.floor((after.getTime() - share) / period) + 1) * period + share)
}
