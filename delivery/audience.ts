import type { Types } from 'mongoose'
import type { BotRecord } from '../models/bot.ts'
import { Key } from '../models/key.ts'
import type { NotificationRecord } from '../models/notification.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { chatsNamed, type Recipient } from './recipient.ts'
import { inChunks, personsById, personsOfUsers } from './recipients.ts'

/** Users of the directory and bound keys, each in the caller's own spelling (`Given`) and in ours, and names of chats. */
export type Addressees<Given> = { users: Map<Given, string>; keys: Map<Given, string>; chats: string[] }

/** Whom a call turned out to reach: persons, each once, those of the keys among them, and chats; and what was not found, as the caller spells it. */
export type Found<Given> = {
  persons: PersonRecord[]
  keyed: PersonRecord[]
  chats: Recipient[]
  notFound: (Given | string)[]
}

export async function findAudience<Given>(
  bot: BotRecord,
  { users, keys, chats: names }: Addressees<Given>,
): Promise<Found<Given>> {
  const userIds = [...new Set(users.values())]
  const digits = [...new Set(keys.values())]
  const [linked, bound, { chats, unknown }] = await Promise.all([
    personsOfUsers(bot._id, userIds),
    inChunks(digits, (chunk) => Key.bound(bot._id, chunk)),
    chatsNamed(bot._id, names),
  ])
  const keyed = await personsById(bot._id, [...new Set(bound.map(({ personId }) => personId))])
  const persons = new Map([...linked, ...keyed].map((person) => [person.personId, person]))
  const knownUsers = new Set(linked.map(({ userId }) => userId))
  const knownKeys = new Set(bound.filter(({ personId }) => persons.has(personId)).map(Key.digits))
  return {
    persons: [...persons.values()],
    keyed,
    chats,
    notFound: [
      ...[...users].filter(([, userId]) => !knownUsers.has(userId)).map(([given]) => given),
      ...[...keys].filter(([, key]) => !knownKeys.has(key)).map(([given]) => given),
      ...unknown,
    ],
  }
}

/**
 * Whom a scheduled notification reaches just now, each once: users by their links of today, everybody by who has not stopped the bot, chats by
 * their names of today.
 */
export async function presentAudience(
  bot: Types.ObjectId,
  { userIds, persons, everybody, chats: names }: NotificationRecord['audience'],
): Promise<Recipient[]> {
  const [linked, named, all, { chats }] = await Promise.all([
    personsOfUsers(bot, userIds),
    personsById(bot, persons),
    everybody ? Person.active(bot) : [],
    chatsNamed(bot, names ?? []),
  ])
  return [...new Map([...linked, ...named, ...all].map((person) => [person.personId, person])).values(), ...chats]
}
