import { z } from 'zod'
import { nextDate, objectionToPlan } from '../../delivery/plan.ts'
import { RefusedCall } from '../../dialogue/endpoint.ts'
import type { Plan } from '../../models/notification.ts'
import { storeTime } from '../../models/store-clock.ts'

const dateError = 'must be a date with its offset, such as 2027-03-01T09:00:00+05:00 or 2027-03-01T04:00:00Z'
/** An instant, as a call writes it. */
export const date = z.iso.datetime({ offset: true, error: dateError }).transform((written) => new Date(written))
const mostTimes = 1_000_000

/** When a call wants something said, and until when it is worth saying. */
export const planFields = {
  at: date.optional().describe('Say it then, not now'),
  cron: z
    .string()
    .max(128)
    .optional()
    .describe('Say it again and again: minute, hour, day, month, weekday, as in "0 9 * * 1-5"; with timezone'),
  timezone: z.string().max(64).optional().describe('By whose clocks the cron line is meant: Europe/Berlin'),
  until: date.optional().describe('No date of the cron line after this one'),
  times: z.int().min(1).max(mostTimes).optional().describe('So many times in all, of a cron line'),
  expiresAt: date.optional().describe('What has not gone out by then is not sent any more'),
}

type PlanParams = z.output<z.ZodObject<typeof planFields>>
type Objection = { field: keyof PlanParams; message: string }

/** The plan of a call; undefined if it is to be said at once. */
export function planOf({ at, cron, timezone, until, times }: PlanParams): Plan | undefined {
  if (at) return { at }
  if (cron === undefined || timezone === undefined) return undefined
  return { cron, timezone, ...(until && { until }), ...(times !== undefined && { times }) }
}

/** Finds what makes the fields no plan. Whether its dates are still to come is asked by `firstDate`, since a repeat may come later. */
export function objectionToPlanFields(params: PlanParams): Objection | undefined {
  const misfit = misfitOf(params)
  if (misfit) return misfit
  const plan = planOf(params)
  return plan && objectionToPlan(plan)
}

/** When a plan first falls due. @throws RefusedCall when its dates are not to come */
export function firstDate({ at, until, expiresAt }: PlanParams, plan: Plan | undefined, now = storeTime()): Date {
  const first = plan ? nextDate(plan, { after: now }) : now
  if (!first) throw new RefusedCall(422, until ? 'api.untilTooEarly' : 'api.datePassed', at ? 'at' : 'until')
  if (expiresAt && expiresAt <= first) throw new RefusedCall(422, 'api.expiresTooEarly', 'expiresAt')
  return first
}

/** A field that does not go with the others. */
function misfitOf({ at, cron, timezone, until, times }: PlanParams): Objection | undefined {
  if (at && cron !== undefined) return { field: 'cron', message: 'give either at or cron' }
  if (cron !== undefined)
    return timezone === undefined
      ? { field: 'timezone', message: 'is needed with cron, such as Europe/Berlin' }
      : undefined
  const stray = Object.entries({ timezone, until, times }).find(([, value]) => value !== undefined)
  return stray && { field: stray[0] as keyof PlanParams, message: 'goes with cron alone' }
}
