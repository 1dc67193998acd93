import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { hookSecret } from '../channels/hook-address.ts'
import { createHttpServer } from '../http/server.ts'
import { Bot } from '../models/bot.ts'
import { changes } from '../models/changes.ts'
import { Update } from '../models/update.ts'
import { log } from './delivery-world.ts'
import { type HttpWorld, startHttpWorld } from './http-world.ts'

let world: HttpWorld
let bot: Awaited<ReturnType<HttpWorld['newBot']>>['record']
beforeAll(async () => {
  world = await startHttpWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  ;({ record: bot } = await world.newBot())
})

type Posting = { id?: string; channel?: string; secret?: string; payload?: string | Buffer; http?: HttpWorld['http'] }

async function post({ id = String(bot._id), channel = 'telegram', secret, payload, http = world.http }: Posting) {
  const headers = {
    'content-type': 'application/json',
    ...(secret !== '' && { 'x-telegram-bot-api-secret-token': secret ?? hookSecret(bot) }),
  }
  return http.inject({ method: 'POST', url: `/hooks/${channel}/${id}`, headers, payload: payload ?? said(1) })
}

function said(update_id: number): string {
  const chat = { id: 7, type: 'private', first_name: 'Ann' }
  return JSON.stringify({ update_id, message: { message_id: 1, date: 1, chat, text: 'hello' } })
}

test('an update is stored before it is acknowledged, and this process is told', async () => {
  const told: string[] = []
  const listener = (id: string) => told.push(id)
  changes.on('inbox', listener)
  const answer = await post({})
  changes.off('inbox', listener)
  expect(answer.statusCode).toBe(200)
  expect(await Update.waiting(bot._id)).toBe(1)
  expect(told).toEqual([String(bot._id)])
  // An answer with a `method` would be a call whose error nobody sees.
  expect(answer.json()).toEqual({ success: true })
})

test('the same update twice is there once, and both are acknowledged', async () => {
  const answers = [await post({}), await post({})]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200])
  expect(await Update.waiting(bot._id)).toBe(1)
})

test('without the right secret it is 403, whatever the body', async () => {
  const secret = hookSecret(bot)
  const wrong = ['', 'x', `${secret.slice(0, -1)}!`, `${secret}${secret}`, hookSecret((await world.newBot()).record)]
  for (const one of wrong) {
    const answer = await post({ secret: one, payload: 'not json' })
    expect([one, answer.statusCode]).toEqual([one, 403])
    expect(answer.json()).toEqual({ success: false, message: 'The secret of this webhook is missing or wrong' })
  }
  expect(await Update.waiting(bot._id)).toBe(0)
})

test('what is no update, of no bot or too large is refused in our words', async () => {
  const { record: gone } = await world.newBot()
  await Bot.remove(gone._id)
  const answers = [
    [400, await post({ payload: '{"update_id":' })],
    [400, await post({ payload: '{"update_id":"x"}' })],
    [400, await post({ payload: '[]' })],
    [400, await post({ payload: 'null' })],
    [404, await post({ id: 'unknown' })],
    [404, await post({ id: String(gone._id) })],
    [404, await post({ channel: 'pigeon' })],
    [413, await post({ payload: JSON.stringify({ update_id: 1, x: 'y'.repeat(1024 * 1024) }) })],
  ] as const
  for (const [status, answer] of answers) {
    expect([answer.statusCode, Object.keys(answer.json())]).toEqual([status, ['success', 'message']])
  }
  expect(await Update.waiting(bot._id)).toBe(0)
})

test('what could not be stored is not acknowledged, and is taken when it comes again', async () => {
  const { collection } = Update
  const failing = vi.spyOn(collection, 'insertMany').mockRejectedValueOnce(new Error('a blip of the store'))
  const refused = await post({})
  failing.mockRestore()
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1'])
  expect((await post({})).statusCode).toBe(200)
  expect(await Update.waiting(bot._id)).toBe(1)
})

test('when too many wait, the messenger is asked to keep what it has', async () => {
  const parts = { kinds: new Map(), servers: [world.server], log, settings: { defaultLocale: 'en' as const } }
  const http = await createHttpServer({ ...parts, mostWaiting: 1 })
  expect((await post({ http })).statusCode).toBe(200)
  // How many wait is counted once a second.
  await expect.poll(async () => (await post({ http })).statusCode, { timeout: 5_000 }).toBe(429)
  expect((await post({ http })).headers['retry-after']).toBe('1')
  await http.close()
})
