import { afterAll, beforeAll, expect, test } from 'vitest'
import { Key } from '../models/key.ts'
import type { TestBot } from './delivery-world.ts'
import { caller, type HttpWorld, startHttpWorld } from './http-world.ts'

let world: HttpWorld
beforeAll(async () => {
  world = await startHttpWorld()
})
afterAll(() => world.close())

async function bind(bot: TestBot, userId: string, digits: string): Promise<void> {
  const { personId } = await bot.person()
  const key = await Key.issue(bot.record._id, personId, digits, new Date(Date.now() + 3_600_000))
  await Key.bind(key._id, userId)
}

test('lists the bound keys in pages, each with whose it is', async () => {
  const [bot, other] = [await world.newBot(), await world.newBot()]
  const { secret } = await world.apiKey([bot.record])
  const call = caller(world.http, secret, bot.record)
  for (const n of [1, 2, 3]) await bind(bot, String(n), `1000000${n}`)
  await bind(other, '4', '10000004')
  const first = (await call('keys/list', { limit: 2 })).body
  const second = (await call('keys/list', { limit: 2, after: first.next })).body
  const all = (await call('keys/list')).body
  expect(first.keys.map(({ userId }: { userId: string }) => userId)).toEqual(['1', '2'])
  expect(second).toMatchObject({ success: true, keys: [{ key: '10000003', userId: '3', stopped: false }] })
  expect(all.keys).toEqual([...first.keys, ...second.keys])
  expect([second.next, all.next]).toEqual([undefined, undefined])
})

test.each([
  ['limit', { limit: 0 }],
  ['limit', { limit: 1001 }],
  ['after', { after: 'the last one' }],
  ['key', { key: true, userId: 1 }],
])('says which parameter is not valid: %s in %j', async (field, params) => {
  const bot = await world.newBot()
  const { secret } = await world.apiKey([bot.record])
  const alias = field === 'key' ? 'keys/assign' : 'keys/list'
  const { body } = await caller(world.http, secret, bot.record)(alias, params)
  expect(body).toMatchObject({ success: false, errorCode: 422, errors: [{ field }] })
  expect(body.errors[0].message).not.toBe('Invalid input')
})
