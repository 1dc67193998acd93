import type { Types } from 'mongoose'
import type { BotRecord } from '../models/bot.ts'
import { Key } from '../models/key.ts'
import type { NotificationRecord } from '../models/notification.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { partedUsers, type Unreached } from './not-reached.ts'
import { chatsNamed, type Recipient } from './recipient.ts'
import { inChunks, personsById, personsOfUsers } from './recipients.ts'

/**
 * Users of the directory and bound keys, each in the caller's own spelling (`Given`) and in ours, and names of chats.
 */
export type Addressees<Given> = { users: Map<Given, string>; keys: Map<Given, string>; chats: string[] }

/** Somebody whom the bot knows and does not reach, by the user or key as the caller spells it. */
export type NotReached<Given> = ({ userId: Given } | { key: Given }) & { reason: Unreached }

/**
 * Whom a call turned out to reach: persons, each once, and chats; whom it knows and does not reach, and what was not
 * found, as the caller spells
 * it. `keyed` are all persons of the keys, for a date on which they may be reached again.
 */
export type Found<Given> = {
  persons: PersonRecord[]
  keyed: PersonRecord[]
  chats: Recipient[]
  notReached: NotReached<Given>[]
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
  const holders = new Map(keyed.map((person) => [person.personId, person]))
  const ofUsers = standingsBy(linked, ({ userId }) => userId ?? '')
  const unlinked = userIds.filter((userId) => !ofUsers.has(userId))
  for (const [userId, parted] of await partedUsers(bot._id, unlinked)) ofUsers.set(userId, parted)
  const owners = bound.flatMap((key) => {
    const person = holders.get(key.personId)
    return person ? [{ digits: Key.digits(key), blocked: person.blocked ?? null }] : []
  })
  const ofKeys = standingsBy(owners, ({ digits: key }) => key)
  const persons = new Map([...linked, ...keyed].filter(isReached).map((person) => [person.personId, person]))
  return {
    persons: [...persons.values()],
    keyed,
    chats,
    notReached: [
      ...unreachedOf(users, ofUsers).map(([userId, reason]) => ({ userId, reason })),
      ...unreachedOf(keys, ofKeys).map(([key, reason]) => ({ key, reason })),
    ],
    notFound: [
      ...[...users].filter(([, userId]) => !ofUsers.has(userId)).map(([given]) => given),
      ...[...keys].filter(([, key]) => !ofKeys.has(key)).map(([given]) => given),
      ...unknown,
    ],
  }
}

type Reach = 'reached' | Unreached

function isReached({ blocked }: Pick<PersonRecord, 'blocked'>): boolean {
  return !blocked
}

/** Of several persons who share a user one is enough. */
function standingsBy<One extends Pick<PersonRecord, 'blocked'>>(
  found: readonly One[],
  nameOf: (one: One) => string,
): Map<string, Reach> {
  const reached = found.filter(isReached)
  return new Map<string, Reach>([
    ...found.map((one): [string, Reach] => [nameOf(one), 'blocked']),
    ...reached.map((one): [string, Reach] => [nameOf(one), 'reached']),
  ])
}

function unreachedOf<Given>(given: Map<Given, string>, standings: Map<string, Reach>): [Given, Unreached][] {
  return [...given].flatMap(([spelled, name]): [Given, Unreached][] => {
    const standing = standings.get(name)
    return standing && standing !== 'reached' ? [[spelled, standing]] : []
  })
}

/**
 * Whom a scheduled notification reaches just now, each once, but for blocked accounts: users by their links of
 * today, everybody by who has not stopped the bot, chats by
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
  const reached = [...linked, ...named, ...all].filter(isReached)
  return [...new Map(reached.map((person) => [person.personId, person])).values(), ...chats]
}
