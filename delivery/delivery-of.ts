import { type DeliveryRecord, occurrenceId } from '../models/delivery.ts'
import type { NotificationRecord } from '../models/notification.ts'
import type { PersonRecord } from '../models/person.ts'
import { newId, storeTime } from '../models/store-clock.ts'

/** What is said, and when: a notification that is said at once, or one date of a scheduled one. */
export type Saying = Pick<NotificationRecord, '_id' | 'bot' | 'once' | 'dueAt'> & {
  expiresAt?: Date | null | undefined
}

/** What one occurrence sends to a person, as it begins. */
export function deliveryOf({ _id, bot, dueAt, expiresAt, once }: Saying, person: PersonRecord): DeliveryRecord {
  return {
    _id: newId(),
    bot,
    notification: _id,
    occurrence: occurrenceId(_id, dueAt),
    chat: person.chat,
    personId: person.personId,
    locale: person.locale,
    dueAt,
    nextAt: dueAt,
    once,
    attempts: 0,
    partsOut: 0,
    messageIds: [],
    possibleDuplicates: 0,
    ...(person.userId && { userId: person.userId }),
    ...(expiresAt && { expiresAt }),
    ...(person.stopped ? { state: 'stopped', finishedAt: storeTime() } : { state: 'queued' }),
  }
}
