import type { BotRecord } from '../models/bot.ts'
import { Delivery, type DeliveryCounts, type DeliveryRecord, type DeliveryState } from '../models/delivery.ts'
import { type NamedNotification, Notification } from '../models/notification.ts'
import { Occurrence, type OccurrenceRecord } from '../models/occurrence.ts'

export type RecipientStatus = {
  userId?: string
  /** A group, by the name that it was called by. */
  chat?: string
  state: DeliveryState
  /** The occurrence that it belongs to. */
  dueAt: Date
  /** When it fell due, or was finished. */
  at: Date
  attempts: number
  possibleDuplicates: number
  error?: string
  /** Why it has not been sent although it is due. */
  waiting?: 'pause' | 'mute' | 'quiet hours'
}

/** One date: what became of it, or that nobody heard it, for Rookery was down until `missedUntil`. */
export type OccurrenceStatus = { dueAt: Date; counts: DeliveryCounts; extra?: true; missedUntil?: Date }

export type Status = {
  notificationId: string
  reference?: string
  madeAt: Date
  /** Of what has a plan: where it stands, when it falls due next, and its latest occurrences, the last first. */
  schedule?: {
    state: 'scheduled' | 'finished' | 'cancelled'
    nextAt?: Date
    fired: number
    occurrences: OccurrenceStatus[]
  }
  counts: DeliveryCounts
  recipients: RecipientStatus[]
  /** Where the next page of recipients begins, if there is one. */
  next?: string
}

const occurrencesShown = 20

/**
 * How a notification of this bot fares: the sum, and one page of its recipients; of a recurring one over all of its
 * occurrences, or of the one
 * of a date. Undefined when the bot has none of that name.
 */
export async function statusOf(
  bot: BotRecord,
  name: { notificationId: string } | { reference: string },
  { after, limit, dueAt }: { after?: string | undefined; limit: number; dueAt?: Date | undefined },
): Promise<Status | undefined> {
  const notification = await Notification.named(bot._id, name)
  if (!notification) return undefined
  const [counts, page] = await Promise.all([
    Delivery.counts(notification._id, dueAt),
    Delivery.ofNotification(notification._id, { after, limit: limit + 1, dueAt }),
  ])
  const shown = page.slice(0, limit)
  const last = page.length > limit ? shown.at(-1) : undefined
  return {
    notificationId: String(notification._id),
    ...(notification.reference != null && { reference: notification.reference }),
    madeAt: notification.madeAt,
    ...(notification.plan && { schedule: await scheduleOf(notification) }),
    counts,
    recipients: shown.map(recipient),
    ...(last && { next: String(last._id) }),
  }
}

/** The latest occurrences of a notification and what became of them, the last first. */
export async function latestOccurrences(id: NamedNotification['_id'], limit: number): Promise<OccurrenceStatus[]> {
  const occurrences = await Occurrence.latest(id, limit)
  return Promise.all(
    occurrences.map(async ({ dueAt, extra, missedUntil }: OccurrenceRecord) => ({
      dueAt,
      counts: missedUntil ? {} : await Delivery.counts(id, dueAt),
      ...(extra && { extra }),
      ...(missedUntil && { missedUntil }),
    })),
  )
}

async function scheduleOf({ _id, state, nextAt, fired }: NamedNotification): Promise<NonNullable<Status['schedule']>> {
  return {
    state: state as 'scheduled' | 'finished' | 'cancelled',
    ...(nextAt && { nextAt }),
    fired: fired ?? 0,
    occurrences: await latestOccurrences(_id, occurrencesShown),
  }
}

function recipient({
  userId,
  chatName,
  state,
  dueAt,
  finishedAt,
  error,
  held,
  ...rest
}: DeliveryRecord): RecipientStatus {
  return {
    ...(userId != null && { userId }),
    ...(chatName != null && { chat: chatName }),
    state,
    dueAt,
    at: finishedAt ?? dueAt,
    attempts: rest.attempts,
    possibleDuplicates: rest.possibleDuplicates,
    ...(error != null && { error }),
    ...(state === 'queued' && held && { waiting: held === 'quiet' ? ('quiet hours' as const) : held }),
  }
}
