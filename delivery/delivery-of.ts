import { type DeliveryRecord, occurrenceId } from '../models/delivery.ts'
import type { NotificationRecord } from '../models/notification.ts'
import { newId, storeTime } from '../models/store-clock.ts'
import type { Recipient } from './recipient.ts'

/** What is said, and when: a notification that is said at once, or one date of a scheduled one. */
export type Saying = Pick<NotificationRecord, '_id' | 'bot' | 'once' | 'dueAt'> & {
  expiresAt?: Date | null | undefined
  merges?: number | null | undefined
}

/** What one occurrence sends to a person or a chat, as it begins. */
export function deliveryOf({ _id, bot, dueAt, expiresAt, once, merges }: Saying, recipient: Recipient): DeliveryRecord {
  const { chat, personId, userId, chatName, locale, stopped } = recipient
  return {
    _id: newId(),
    bot,
    notification: _id,
    occurrence: occurrenceId(_id, dueAt),
    chat,
    locale,
    dueAt,
    nextAt: dueAt,
    once,
    attempts: 0,
    partsOut: 0,
    messageIds: [],
    possibleDuplicates: 0,
    ...(personId !== undefined && { personId }),
    ...(userId && { userId }),
    ...(chatName !== undefined && { chatName }),
    ...(expiresAt && { expiresAt }),
    // What it says has been held already.
    ...(merges && { carrier: true, askedFor: true }),
    ...(stopped ? { state: 'stopped', finishedAt: storeTime() } : { state: 'queued' }),
  }
}
