import type { Types } from 'mongoose'
import type { BotRecord } from '../models/bot.ts'
import { Key } from '../models/key.ts'
import type { NotificationRecord } from '../models/notification.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { inChunks, personsById, personsOfUsers } from './recipients.ts'

/** Users of the directory and bound keys, each in the caller's own spelling (`Given`) and in ours. */
export type Addressees<Given> = { users: Map<Given, string>; keys: Map<Given, string> }

/** The persons that these are, each once; those of the keys; and who was not found, in the caller's spelling. */
export async function findAudience<Given>(
  bot: BotRecord,
  { users, keys }: Addressees<Given>,
): Promise<{ persons: PersonRecord[]; keyed: PersonRecord[]; notFound: Given[] }> {
  const userIds = [...new Set(users.values())]
  const digits = [...new Set(keys.values())]
  const [linked, bound] = await Promise.all([
    personsOfUsers(bot._id, userIds),
    inChunks(digits, (chunk) => Key.bound(bot._id, chunk)),
  ])
  const keyed = await personsById(bot._id, [...new Set(bound.map(({ personId }) => personId))])
  const persons = new Map([...linked, ...keyed].map((person) => [person.personId, person]))
  const knownUsers = new Set(linked.map(({ userId }) => userId))
  const knownKeys = new Set(bound.filter(({ personId }) => persons.has(personId)).map(Key.digits))
  return {
    persons: [...persons.values()],
    keyed,
    notFound: [
      ...[...users].filter(([, userId]) => !knownUsers.has(userId)).map(([given]) => given),
      ...[...keys].filter(([, key]) => !knownKeys.has(key)).map(([given]) => given),
    ],
  }
}

/** Whom a scheduled notification reaches just now, each once: users by their links of today, everybody by who has not stopped the bot. */
export async function presentAudience(
  bot: Types.ObjectId,
  { userIds, persons, everybody }: NotificationRecord['audience'],
): Promise<PersonRecord[]> {
  const [linked, named, all] = await Promise.all([
    personsOfUsers(bot, userIds),
    personsById(bot, persons),
    everybody ? Person.active(bot) : [],
  ])
  return [...new Map([...linked, ...named, ...all].map((person) => [person.personId, person])).values()]
}
