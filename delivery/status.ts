import type { BotRecord } from '../models/bot.ts'
import { Delivery, type DeliveryRecord, type DeliveryState } from '../models/delivery.ts'
import { Notification } from '../models/notification.ts'

export type RecipientStatus = {
  userId?: string
  state: DeliveryState
  /** When it fell due, or was finished. */
  at: Date
  attempts: number
  possibleDuplicates: number
  error?: string
}

export type Status = {
  notificationId: string
  reference?: string
  madeAt: Date
  counts: Partial<Record<DeliveryState, number>>
  recipients: RecipientStatus[]
  /** Where the next page of recipients begins, if there is one. */
  next?: string
}

/** How a notification of this bot fares: the sum, and one page of its recipients. Undefined when the bot has none of that name. */
export async function statusOf(
  bot: BotRecord,
  name: { notificationId: string } | { reference: string },
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<Status | undefined> {
  const notification = await Notification.named(bot._id, name)
  if (!notification) return undefined
  const [counts, page] = await Promise.all([
    Delivery.counts(notification._id),
    Delivery.ofNotification(notification._id, { after, limit: limit + 1 }),
  ])
  const shown = page.slice(0, limit)
  const last = page.length > limit ? shown.at(-1) : undefined
  return {
    notificationId: String(notification._id),
    ...(notification.reference != null && { reference: notification.reference }),
    madeAt: notification.madeAt,
    counts,
    recipients: shown.map(recipient),
    ...(last && { next: String(last._id) }),
  }
}

function recipient({ userId, state, dueAt, finishedAt, error, ...rest }: DeliveryRecord): RecipientStatus {
  return {
    ...(userId != null && { userId }),
    state,
    at: finishedAt ?? dueAt,
    attempts: rest.attempts,
    possibleDuplicates: rest.possibleDuplicates,
    ...(error != null && { error }),
  }
}
