import { UserError } from '../config/user-error.ts'
import type { Actor } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import {
  type Content,
  Notification,
  type NotificationRecord,
  type Plan,
  type ScheduledNotification,
} from '../models/notification.ts'
import { newId, storeTime } from '../models/store-clock.ts'
import { type RememberedCall, rememberedOf } from './notify.ts'
import { nextDate } from './plan.ts'
import { writeNotification } from './shared-writes.ts'

/** What to say, to whom, when, on whose behalf. */
export type ScheduleOrder = {
  content: Content
  plan: Plan
  audience: NotificationRecord['audience']
  madeBy: Actor
  once?: boolean
  /** It passes a pause, quiet hours and a wish for silence. */
  critical?: boolean
  /** What has not gone out by then is not sent any more. */
  expiresAt?: Date | undefined
  reference?: string | undefined
  call?: RememberedCall<ScheduledNotification>
  wish?: string
}

/**
 * Writes a notification with a plan that `objectionToPlan` has nothing against, and that has a date to come. When
 * this resolves, a crash loses none of its dates; the first alarm is the
 * caller's to ask for.
 * @throws UserError when its date has passed meanwhile
 * @returns `taken` when the call's Idempotency-Key was used before; then nothing was written. A repeated wish gives
 * what it made.
 */
export async function schedule(bot: BotRecord, order: ScheduleOrder): Promise<ScheduledNotification | 'taken'> {
  const notification = scheduledOf(bot, order)
  if (!(await writeNotification({ ...notification, ...rememberedOf(order.call, notification) }))) return notification
  const earlier = order.wish === undefined ? null : await Notification.byWish(bot._id, order.wish)
  return (earlier as ScheduledNotification | null) ?? 'taken'
}

function scheduledOf(bot: BotRecord, order: ScheduleOrder): ScheduledNotification {
  const { content, plan, audience, madeBy, once = false, critical, expiresAt, reference, wish } = order
  const madeAt = storeTime()
  const nextAt = nextDate(plan, { after: madeAt })
  if (!nextAt) throw new UserError('error.datePassed')
  return {
    _id: newId(),
    bot: bot._id,
    madeAt,
    madeBy,
    state: 'scheduled',
    dueAt: nextAt,
    ...{ content, plan, nextAt, fired: 0, armed: false, once, audience },
    ...(critical && { critical }),
    ...(expiresAt && { expiresAt }),
    ...(reference !== undefined && { reference }),
    ...(wish !== undefined && { wish }),
  }
}
