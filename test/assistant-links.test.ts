import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Admin } from '../acts/authorise.ts'
import { issueKey, setSharing } from '../acts/keys.ts'
import { bindKey, matchKey, unbind } from '../acts/links.ts'
import { type Colony, startColony } from '../chat-test.ts'
import { createLogger } from '../config/logger.ts'
import { notifyUser } from '../delivery/notify.ts'
import { personsOfUsers } from '../delivery/recipients.ts'
import { Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { Key } from '../models/key.ts'
import { Link } from '../models/link.ts'
import { Person } from '../models/person.ts'
import { keepSoleUsersApart } from '../models/sole-users.ts'

const log = createLogger('silent')
let colony: Colony
let admin: Admin
let bot: BotRecord
let id: string

beforeAll(async () => {
  colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  bot = await Bot.named('sandbox', 'shop_bot').orFail()
  id = String(bot._id)
  admin = { server: 'sandbox', personId: colony.admin.person.id }
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => colony.close())

let last = 7_000_000
const linked = { userId: { $exists: true } }

async function newcomer(name: string) {
  const personId = ++last
  await Person.meet(bot._id, { personId, chat: personId, name, locale: 'en' })
  return { personId, key: (await issueKey(bot, personId)).digits }
}

/** How often a person was told something. */
const told = (personId: number) => Delivery.countDocuments({ bot: bot._id, personId })
const userOf = async (personId: number) => (await Person.of(bot._id, personId))?.userId
const breakOnce = (object: object, method: string) =>
  vi.spyOn(object as Record<string, () => Promise<void>>, method).mockRejectedValueOnce(new Error('The store is away'))

test('of several keys bound to one user at the same moment one wins, and the others are as they were', async () => {
  for (let round = 1; round <= 5; round++) {
    const userId = `crowd-${round}`
    const people = await Promise.all(['Ann', 'Ben', 'Cid'].map(newcomer))
    const ends = await Promise.allSettled(people.map(({ key }) => bindKey(admin, id, { key, userId }, log)))
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    for (const [index, { key, personId }] of people.entries()) {
      if (ends[index]?.status === 'fulfilled') expect(await userOf(personId)).toBe(userId)
      else await bindKey(admin, id, { key, userId: `${userId}-${personId}` }, log)
    }
  }
})

test('a move by a key that turns out to be used leaves the holder linked', async () => {
  const [holder, other] = [await newcomer('Dan'), await newcomer('Eve')]
  await bindKey(admin, id, { key: holder.key, userId: 'held' }, log)
  vi.spyOn(Key, 'bind').mockResolvedValueOnce(false)
  await expect(bindKey(admin, id, { key: other.key, userId: 'held', by: 'moving' }, log)).rejects.toThrow(
    'error.keyUsed',
  )
  expect([await userOf(holder.personId), await told(holder.personId)]).toEqual(['held', 1])
})

test.each([
  ['binding', Key, 'bind'],
  ['linking', Link, 'make'],
  ['recording', Audit, 'record'],
  ['settling', Key, 'settle'],
])('a move that broke off at %s is completed by a repeat, recorded and told', async (step, object, method) => {
  const [holder, other] = [await newcomer('Fay'), await newcomer('Gus')]
  const wish = { key: other.key, userId: `moved-${step}`, by: 'moving' as const }
  await bindKey(admin, id, { key: holder.key, userId: wish.userId }, log)
  breakOnce(object, method)
  await expect(bindKey(admin, id, wish, log)).rejects.toThrow('The store is away')
  expect(await matchKey(admin, id, other.key)).toMatchObject({ name: 'Gus' })
  await bindKey(admin, id, wish, log)
  expect([await userOf(holder.personId), await userOf(other.personId)]).toEqual([undefined, wish.userId])
  expect(await told(holder.personId)).toBeGreaterThanOrEqual(2)
  expect(await told(other.personId)).toBeGreaterThanOrEqual(1)
  expect(await Audit.exists({ act: 'link.bind', 'details.personId': other.personId })).not.toBeNull()
  await expect(bindKey(admin, id, { ...wish, userId: 'another' }, log)).rejects.toThrow('error.keyUsed')
})

test('a disconnection that broke off is completed by a repeat, recorded and told', async () => {
  const { personId, key } = await newcomer('Hal')
  await bindKey(admin, id, { key, userId: 'parted' }, log)
  breakOnce(Audit, 'record')
  await expect(unbind(admin, id, personId)).rejects.toThrow('The store is away')
  await unbind(admin, id, personId)
  expect([await userOf(personId), await told(personId)]).toEqual([undefined, 2])
  expect(await Audit.countDocuments({ act: 'link.unbind', 'details.personId': personId })).toBe(1)
})

test('persons share a user where an admin allows it, nowhere else, and all of them are told', async () => {
  const people = await Promise.all(['Ida', 'Jon', 'Kim'].map(newcomer))
  const [first, ...others] = people as [(typeof people)[0], ...typeof people]
  await bindKey(admin, id, { key: first.key, userId: 'shared' }, log)
  const adding = others.map(({ key }) => ({ key, userId: 'shared', by: 'adding' as const }))
  for (const wish of adding) await expect(bindKey(admin, id, wish, log)).rejects.toThrow('error.usersNotShared')
  await setSharing(admin, id, 'on')
  await Promise.all(adding.map((wish) => bindKey(admin, id, wish, log)))
  await setSharing(admin, id, 'off')
  expect(await notifyUser(bot, 'shared', { text: 'hello' })).toMatchObject({ queued: 3 })
  expect(await personsOfUsers(bot._id, ['shared', 'nobody'])).toHaveLength(3)
})

test('a user that persons share is moved from all of them, and then has one person again', async () => {
  const people = await Promise.all(['Lea', 'Max', 'Ned', 'Ole'].map(newcomer))
  const [first, second, ...others] = people as [(typeof people)[0], (typeof people)[0], ...typeof people]
  await setSharing(admin, id, 'on')
  for (const { key } of [first, second]) await bindKey(admin, id, { key, userId: 'ours', by: 'adding' }, log)
  await setSharing(admin, id, 'off')
  await expect(bindKey(admin, id, { key: others[0]?.key ?? '', userId: 'ours' }, log)).rejects.toThrow(
    'error.userHasPerson',
  )
  const moves = others.map(({ key }) => bindKey(admin, id, { key, userId: 'ours', by: 'moving' }, log))
  const moved = (await Promise.allSettled(moves)).filter(({ status }) => status === 'fulfilled')
  expect(moved.length).toBeGreaterThanOrEqual(1)
  expect(await Person.countDocuments({ bot: bot._id, userId: 'ours' })).toBe(1)
  expect([await userOf(first.personId), await userOf(second.personId)]).toEqual([undefined, undefined])
})

test('a store from before users could be shared keeps one person for each of its users', async () => {
  const { personId, key } = await newcomer('Pia')
  const { key: another } = await newcomer('Quin')
  await bindKey(admin, id, { key, userId: 'old' }, log)
  // As the version before left it.
  await Person.updateOne({ bot: bot._id, personId }, { $unset: { soleUserId: 1 } })
  await Person.deleteMany({ bot: bot._id, userId: { $in: ['shared', 'ours'] } })
  await Person.collection.dropIndex('bot_1_userId_1')
  await Person.collection.createIndex({ bot: 1, userId: 1 }, { unique: true, partialFilterExpression: linked })
  await keepSoleUsersApart()
  await keepSoleUsersApart()
  await Person.createIndexes()
  expect((await Person.of(bot._id, personId))?.soleUserId).toBe('old')
  await expect(Link.make(bot._id, personId + 1, 'old')).rejects.toThrow('E11000')
  await setSharing(admin, id, 'on')
  await bindKey(admin, id, { key: another, userId: 'old', by: 'adding' }, log)
  expect(await notifyUser(bot, 'old', { text: 'hello' })).toMatchObject({ queued: 2 })
})
