import { batched } from '../models/batched.ts'
import { changes } from '../models/changes.ts'
import { Delivery } from '../models/delivery.ts'
import { Notification, type NotificationRecord, type ScheduledNotification } from '../models/notification.ts'
import { Occurrence, type OccurrenceRecord } from '../models/occurrence.ts'
import { newId, storeTime } from '../models/store-clock.ts'
import { presentAudience } from './audience.ts'
import { deliveryOf } from './delivery-of.ts'
import { type Turn, turnOf } from './plan.ts'
import { chatsNamed, type Recipient } from './recipient.ts'
import { inChunks, personsById } from './recipients.ts'
import { writeTogether } from './shared-writes.ts'

type Id = NotificationRecord['_id']

/**
 * Fires what has fallen due of a scheduled notification, and moves its plan on. Each step is safe to repeat, by this process or another: the occurrence
 * (unique by its date), its deliveries (unique by chat), the next date (by compare-and-set). Whoever comes after a crash finds the date still due.
 * @returns the date that it falls due next, for the alarm
 */
export async function fireDue(notification: ScheduledNotification, now = storeTime()): Promise<Date | undefined> {
  const { _id, plan, nextAt, fired } = notification
  const turn = turnOf(plan, { dueAt: nextAt, fired, now })
  if (turn.missed) await writeOccurrence(missedOf(notification, turn.missed))
  if (turn.fires) await fire(notification, { dueAt: turn.fires, expiresAt: expiryOf(notification, turn) })
  const next = notification.expiresAt && turn.next && turn.next >= notification.expiresAt ? undefined : turn.next
  if (await Notification.advance({ _id, nextAt }, { next, counted: turn.fires !== undefined })) return next
  if (await Notification.isCancelled(_id)) await Delivery.cancelNotification(_id)
  return undefined
}

/** Fires an occurrence beside the plan, which stays as it is. The same date once more is the same occurrence. */
export function fireExtra(notification: ScheduledNotification, dueAt: Date): Promise<void> {
  return fire(notification, { dueAt, expiresAt: notification.expiresAt ?? undefined, extra: true })
}

/** Finishes the occurrences that somebody began to write before this, and could not finish. */
export async function resumeOccurrences(before: Date): Promise<void> {
  for (const occurrence of await Occurrence.leftExpanding(before, 100)) {
    const notification = await Notification.byId(occurrence.notification)
    if (!notification || notification.state === 'cancelled') {
      await Delivery.cancelNotification(occurrence.notification)
      await Occurrence.finish([occurrence._id], 'cancelled')
    } else await expand(notification, occurrence)
  }
}

type Firing = { dueAt: Date; expiresAt: Date | undefined; extra?: true }

async function fire(notification: ScheduledNotification, firing: Firing): Promise<void> {
  const recipients = await presentAudience(notification.bot, notification.audience)
  const occurrence = occurrenceOf(notification, { ...firing, recipients })
  if (!(await writeOccurrence(occurrence))) return expand(notification, occurrence, recipients)
  const earlier = await Occurrence.at(notification._id, firing.dueAt)
  if (earlier?.state === 'expanding') await expand(notification, earlier)
}

/** Writes what is missing of an occurrence's deliveries. */
async function expand(
  { _id, bot, once }: NotificationRecord,
  { _id: id, dueAt, expiresAt, audience }: OccurrenceRecord,
  known?: Recipient[],
): Promise<void> {
  const saying = { _id, bot, once, dueAt, expiresAt }
  const recipients = known ?? (await recorded(bot, audience))
  await inChunks(recipients, (chunk) => writeTogether(chunk.map((one) => deliveryOf(saying, one))))
  changes.emit('deliveries', String(bot))
  await markQueued(id)
}

/** Whom an occurrence turned out to reach when it fired. */
async function recorded(bot: Id, audience: OccurrenceRecord['audience']): Promise<Recipient[]> {
  const [persons, { chats }] = await Promise.all([
    personsById(bot, audience?.persons ?? []),
    chatsNamed(bot, audience?.chats ?? []),
  ])
  return [...persons, ...chats]
}

/** What of one date has not gone out when the next comes is not sent any more: nobody gets two at once. */
function expiryOf({ expiresAt }: ScheduledNotification, { next }: Turn): Date | undefined {
  const ends = [expiresAt, next].filter((date) => date instanceof Date)
  return ends.length > 0 ? new Date(Math.min(...ends.map(Number))) : undefined
}

type Fired = Firing & { recipients: Recipient[] }

function occurrenceOf({ _id: notification, bot }: ScheduledNotification, fired: Fired): OccurrenceRecord {
  const { dueAt, expiresAt, extra, recipients } = fired
  const chats = recipients.flatMap(({ chatName }) => chatName ?? [])
  return {
    _id: newId(),
    ...{ bot, notification, dueAt, firedAt: storeTime(), state: 'expanding' },
    audience: { persons: recipients.flatMap(({ personId }) => personId ?? []), ...(chats.length > 0 && { chats }) },
    ...(expiresAt && { expiresAt }),
    ...(extra && { extra }),
  }
}

function missedOf(
  { _id: notification, bot }: ScheduledNotification,
  { from, until }: NonNullable<Turn['missed']>,
): OccurrenceRecord {
  const missed = { dueAt: from, missedUntil: until, firedAt: storeTime(), state: 'missed' as const }
  return { _id: newId(), bot, notification, ...missed }
}

/** Answers whether there was one of its date already. */
const writeOccurrence = batched(async (occurrences: OccurrenceRecord[]) => {
  const taken = await Occurrence.insertNew(occurrences)
  return occurrences.map((_, index) => taken.has(index))
})

const markQueued = batched(async (ids: Id[]) => {
  await Occurrence.finish(ids, 'queued')
  return ids
})
