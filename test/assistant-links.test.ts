import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Admin } from '../acts/authorise.ts'
import { issueKey } from '../acts/keys.ts'
import { bindKey, matchKey, unbind } from '../acts/links.ts'
import { type Colony, startColony } from '../chat-test.ts'
import { Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { Key } from '../models/key.ts'
import { Person } from '../models/person.ts'

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
    const ends = await Promise.allSettled(people.map(({ key }) => bindKey(admin, id, { key, userId })))
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    for (const [index, { key, personId }] of people.entries()) {
      if (ends[index]?.status === 'fulfilled') expect(await userOf(personId)).toBe(userId)
      else await bindKey(admin, id, { key, userId: `${userId}-${personId}` })
    }
  }
})

test('a move by a key that turns out to be used leaves the holder linked', async () => {
  const [holder, other] = [await newcomer('Dan'), await newcomer('Eve')]
  await bindKey(admin, id, { key: holder.key, userId: 'held' })
  vi.spyOn(Key, 'bind').mockResolvedValueOnce(false)
  await expect(bindKey(admin, id, { key: other.key, userId: 'held', move: true })).rejects.toThrow('error.keyUsed')
  expect([await userOf(holder.personId), await told(holder.personId)]).toEqual(['held', 1])
})

test.each([
  ['binding', Key, 'bind'],
  ['linking', Person, 'link'],
  ['recording', Audit, 'record'],
  ['settling', Key, 'settle'],
])('a move that broke off at %s is completed by a repeat, recorded and told', async (step, object, method) => {
  const [holder, other] = [await newcomer('Fay'), await newcomer('Gus')]
  const wish = { key: other.key, userId: `moved-${step}`, move: true }
  await bindKey(admin, id, { key: holder.key, userId: wish.userId })
  breakOnce(object, method)
  await expect(bindKey(admin, id, wish)).rejects.toThrow('The store is away')
  expect(await matchKey(admin, id, other.key)).toMatchObject({ name: 'Gus' })
  await bindKey(admin, id, wish)
  expect([await userOf(holder.personId), await userOf(other.personId)]).toEqual([undefined, wish.userId])
  expect(await told(holder.personId)).toBeGreaterThanOrEqual(2)
  expect(await told(other.personId)).toBeGreaterThanOrEqual(1)
  expect(await Audit.exists({ act: 'link.bind', 'details.personId': other.personId })).not.toBeNull()
  await expect(bindKey(admin, id, { ...wish, userId: 'another' })).rejects.toThrow('error.keyUsed')
})

test('a disconnection that broke off is completed by a repeat, recorded and told', async () => {
  const { personId, key } = await newcomer('Hal')
  await bindKey(admin, id, { key, userId: 'parted' })
  breakOnce(Audit, 'record')
  await expect(unbind(admin, id, personId)).rejects.toThrow('The store is away')
  await unbind(admin, id, personId)
  expect([await userOf(personId), await told(personId)]).toEqual([undefined, 2])
  expect(await Audit.countDocuments({ act: 'link.unbind', 'details.personId': personId })).toBe(1)
})
