import { CronExpressionParser } from 'cron-parser'
import { minutesAhead, objectionToZone } from '../config/time-zone.ts'
import type { Plan } from '../models/notification.ts'

/** A recurring one that is later than this is not said any more. */
const latestMs = 3_600_000
/** For so long after the clocks have changed it matters to a cron line. */
const changeMs = 2 * 3_600_000

/** What makes it no plan, and in which field of the call. */
export type PlanObjection = { field: 'cron' | 'timezone'; message: string }

export type Turn = {
  /** The date that fires now, if any. */
  fires?: Date
  /** The dates of its past that nobody heard: from the first of them until the one that fires, or until now. */
  missed?: { from: Date; until: Date }
  /** The date after that. Without one the plan is over. */
  next?: Date
}

/** Finds what makes a cron line or its zone none, whatever the time is. */
export function objectionToPlan(plan: Plan, now = new Date()): PlanObjection | undefined {
  if ('at' in plan) return undefined
  const zone = zoneObjections[objectionToZone(plan.timezone) ?? 'none']
  if (zone) return { field: 'timezone', message: zone }
  const message = objectionToCron(plan.cron, plan.timezone, now)
  return message === undefined ? undefined : { field: 'cron', message }
}

/** The first date of a plan after an instant, if so many of its dates have fired. */
export function nextDate(plan: Plan, { after, fired = 0 }: { after: Date; fired?: number }): Date | undefined {
  if ('at' in plan) return plan.at > after ? plan.at : undefined
  if (isSpent(plan, fired)) return undefined
  const next = cronAfter(plan.cron, plan.timezone, after)
  return plan.until && next > plan.until ? undefined : next
}

/**
 * What to do once `dueAt` has come. A single date fires however late. Of a cron line's the latest fires if it is less than an hour late, whatever
 * else has fallen due with it: who was away hears it once.
 */
export function turnOf(plan: Plan, { dueAt, fired, now }: { dueAt: Date; fired: number; now: Date }): Turn {
  if ('at' in plan) return { fires: dueAt }
  const { fires, following } = latestDue(plan, { dueAt, fired, now })
  const next = fires && isSpent(plan, fired + 1) ? undefined : following
  const missed = !fires || fires > dueAt ? { from: dueAt, until: fires ?? now } : undefined
  return { ...(fires && { fires }), ...(missed && { missed }), ...(next && { next }) }
}

/** The latest date that is due and not too late, and the one that follows. */
function latestDue(plan: Plan, { dueAt, fired, now }: { dueAt: Date; fired: number; now: Date }) {
  const earliest = new Date(now.getTime() - latestMs)
  let fires: Date | undefined
  let following = dueAt > earliest ? dueAt : nextDate(plan, { after: earliest, fired })
  while (following && following <= now) {
    fires = following
    following = nextDate(plan, { after: fires, fired })
  }
  return { fires, following }
}

function isSpent(plan: Plan, fired: number): boolean {
  return 'times' in plan && plan.times !== undefined && fired >= plan.times
}

const zoneObjections: Record<string, string | undefined> = {
  unknown: 'must be the name of a time zone, such as Europe/Berlin',
  odd: 'has a summer time of other than one hour, for which no dates can be computed; take another zone',
}

const fieldPattern = /^[\d*,/\-#a-z]+$/i
const cronRule = 'must have five fields, minute, hour, day, month and weekday, such as "0 9 * * 1-5" (9:00 on weekdays)'

function objectionToCron(cron: string, timezone: string, now: Date): string | undefined {
  const fields = cron.trim().split(/\s+/)
  // `H` is any time, another one each time that it is read.
  if (fields.length !== 5 || !fields.every((field) => fieldPattern.test(field)) || /h(?!u)/i.test(cron)) return cronRule
  try {
    cronAfter(cron, timezone, now)
    return undefined
  } catch (error) {
    return `${(error as Error).message}; it ${cronRule}`
  }
}

/** By cron-parser: a time that the change to summer time leaves out counts an hour later, one that comes twice in autumn counts once. */
function cronAfter(cron: string, timezone: string, after: Date): Date {
  const earlier = new Date(after.getTime() - changeMs)
  // Asked from within the hour after a change, it has forgotten which times were left out.
  const hasChanged = minutesAhead(timezone, earlier) !== minutesAhead(timezone, after)
  const dates = CronExpressionParser.parse(cron, { tz: timezone, currentDate: hasChanged ? earlier : after })
  for (;;) {
    const date = dates.next().toDate()
    if (date > after) return date
  }
}
