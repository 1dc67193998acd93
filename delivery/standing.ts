import type { Types } from 'mongoose'
import { Chat } from '../models/chat.ts'
import type { DeliveryRecord, Hold } from '../models/delivery.ts'
import type { SaidNotification } from '../models/notification.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { storeTime } from '../models/store-clock.ts'
import { endOfQuiet } from './quiet-hours.ts'

/**
 * How much a notification passes: nothing, what people have wished for (`critical`), or also a block and the end of a
 * link (`own`).
 */
export type Weight = 'plain' | 'critical' | 'own'

/** What becomes of a delivery just now. Held without `until` it waits until somebody asks for it. */
export type Standing = 'goes' | 'stopped' | 'cancelled' | { held: Hold; until?: Date }

/** A delivery, and how weighty its notification is. */
export type Weighed = { delivery: DeliveryRecord; weight: Weight }

/** So long what was held by a pause is worth keeping, unless it says so itself. */
const keptMs = 7 * 86_400_000

export function weightOf({ own, critical }: Pick<SaidNotification, 'own' | 'critical'>): Weight {
  return own ? 'own' : critical ? 'critical' : 'plain'
}

/** Where each of these stands by what its person, or its group, is now. */
export async function standingsOf(bot: Types.ObjectId, weighed: readonly Weighed[]): Promise<Standing[]> {
  const personIds = [...new Set(weighed.flatMap(({ delivery }) => delivery.personId ?? []))]
  const chats = [...new Set(weighed.flatMap(({ delivery: { personId, chat } }) => (personId == null ? [chat] : [])))]
  const [people, closed] = await Promise.all([
    personIds.length > 0 ? Person.among(bot, personIds) : [],
    chats.length > 0 ? Chat.closed(bot, chats) : [],
  ])
  const persons = new Map(people.map((person) => [person.personId, person]))
  const shut = new Set(closed.map(({ chat }) => chat))
  const now = storeTime()
  return weighed.map(({ delivery, weight }) => {
    if (delivery.personId == null) return shut.has(delivery.chat) ? 'stopped' : 'goes'
    const person = persons.get(delivery.personId)
    return person ? standingOf({ delivery, weight }, person, now) : 'goes'
  })
}

function standingOf({ delivery, weight }: Weighed, person: PersonRecord, now: Date): Standing {
  if (person.stopped) return 'stopped'
  if (weight === 'own') return 'goes'
  if (person.blocked || (delivery.userId != null && delivery.userId !== person.userId)) return 'cancelled'
  // What is half out is finished.
  if (weight === 'critical' || delivery.askedFor || delivery.partsOut > 0) return 'goes'
  if (person.pausedUntil && person.pausedUntil > now) return { held: 'pause' }
  if (person.muted) return { held: 'mute' }
  const until = person.quietHours ? endOfQuiet(person.quietHours, now) : undefined
  return until ? { held: 'quiet', until } : 'goes'
}

/** How a delivery that is held is written down: it comes again at the end of the quiet hours, or only to expire. */
export function heldFields(
  { dueAt, expiresAt }: DeliveryRecord,
  { held, until }: Exclude<Standing, string>,
): Partial<DeliveryRecord> {
  if (until) return { state: 'queued', held, nextAt: expiresAt && expiresAt < until ? expiresAt : until }
  const end = expiresAt ?? new Date(dueAt.getTime() + keptMs)
  return { state: 'queued', held, nextAt: end, expiresAt: end }
}
