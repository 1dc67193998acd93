import { Types } from 'mongoose'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createLogger } from '../config/logger.ts'
import { Inbox, inboxTimes } from '../fleet/inbox.ts'
import { Update } from '../models/update.ts'
import { openTestStore } from './test-store.ts'

let store: Awaited<ReturnType<typeof openTestStore>>

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

test('an update whose bot goes to another process while its attempt is counted is left to that process', async () => {
  const bot = new Types.ObjectId()
  const message = { message_id: 1, date: 1, chat: { id: 5, type: 'private', first_name: 'Ann' }, text: 'hi' }
  await Update.store(bot, [{ eventId: '1', lane: '5', payload: { update: { update_id: 1, message } as never } }])
  const begun: string[] = []
  const hooks = { handle: async () => void begun.push('begun'), onDead: async () => {} }
  const inbox = new Inbox(bot, hooks, createLogger('silent'), inboxTimes)
  const count = Update.attempt
  vi.spyOn(Update, 'attempt').mockImplementation(async (id) => {
    const attempt = await count(id)
    inbox.abandon()
    return attempt
  })
  await inbox.resume()
  await inbox.drain()
  expect(begun).toEqual([])
  expect(await Update.waiting(bot)).toBe(1)
})
