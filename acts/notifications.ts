import { UserError } from '../config/user-error.ts'
import { cancelNotification } from '../delivery/cancel.ts'
import { Audit } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import { Delivery, type DeliveryCounts } from '../models/delivery.ts'
import { Notification, type ScheduledNotification } from '../models/notification.ts'
import { actorOf, authorise, type Doer } from './authorise.ts'

type Name = { notificationId: string } | { reference: string }

/**
 * Sends nothing more of a notification; what was sent stays. Of one that is cancelled already it says the same once more.
 * @throws UserError when the bot has none of that name
 */
export async function cancel(
  doer: Doer,
  botId: BotRecord['_id'] | string,
  name: Name,
): Promise<{ id: string; counts: DeliveryCounts }> {
  const bot = await authorise(doer, botId, 'admin')
  const notification = await cancelNotification(bot, name)
  if (!notification) throw new UserError('api.notificationNotFound')
  const { _id, state } = notification
  if (state !== 'cancelled')
    await Audit.record(bot.server, bot._id, actorOf(doer), 'schedule.cancel', { notification: _id })
  return { id: String(_id), counts: await Delivery.counts(_id) }
}

/** One page of a bot's scheduled notifications in the order they were made; `next` when there are more. */
export async function scheduledAfter(
  doer: Doer,
  botId: BotRecord['_id'],
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ schedules: ScheduledNotification[]; next?: string }> {
  const { _id: bot } = await authorise(doer, botId, 'admin')
  const found = await Notification.scheduledAfter(bot, { after, limit: limit + 1 })
  const schedules = found.slice(0, limit)
  const last = found.length > limit ? schedules.at(-1) : undefined
  return { schedules, ...(last && { next: String(last._id) }) }
}
