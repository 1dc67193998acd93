import { Alarm } from '../models/alarm.ts'
import type { BotRecord } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { type NamedNotification, Notification } from '../models/notification.ts'

/**
 * Nothing more is sent of a notification: it has no next date, and what waits of it is cancelled; what was sent stays. Twice is as good as once.
 * Answers undefined when the bot has none of that name.
 */
export async function cancelNotification(
  bot: BotRecord,
  name: { notificationId: string } | { reference: string },
): Promise<NamedNotification | undefined> {
  // Of several that carry a reference, one that goes on is meant before one that is over.
  const live = 'reference' in name ? await Notification.scheduledNamed(bot._id, name.reference) : null
  const notification = live ?? (await Notification.named(bot._id, name))
  if (!notification) return undefined
  // First the notification: the dispatcher sends nothing of a cancelled one, whoever is still writing deliveries of it.
  await Notification.cancel(notification._id)
  await Delivery.cancelNotification(notification._id)
  if (notification.plan) await Alarm.drop([notification._id])
  return notification
}
