import type { Types } from 'mongoose'
import { Chat } from '../models/chat.ts'
import type { DeliveryRecord } from '../models/delivery.ts'
import { Person } from '../models/person.ts'

/** Of these deliveries those whose person has stopped the bot, or whose group the bot may not speak in. */
export async function unreachable(
  bot: Types.ObjectId,
  deliveries: readonly DeliveryRecord[],
): Promise<ReadonlySet<DeliveryRecord>> {
  const personIds = [...new Set(deliveries.flatMap(({ personId }) => personId ?? []))]
  const chats = [...new Set(deliveries.flatMap(({ personId, chat }) => (personId == null ? [chat] : [])))]
  const [persons, closed] = await Promise.all([
    personIds.length > 0 ? Person.among(bot, personIds) : [],
    chats.length > 0 ? Chat.closed(bot, chats) : [],
  ])
  const stopped = new Set(persons.filter((person) => person.stopped).map(({ personId }) => personId))
  const shut = new Set(closed.map(({ chat }) => chat))
  return new Set(deliveries.filter(({ personId, chat }) => (personId == null ? shut.has(chat) : stopped.has(personId))))
}
