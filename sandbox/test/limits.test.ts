import { expect, onTestFinished, test } from 'vitest'
import { Limits } from '../limits.ts'
import { Store } from '../store.ts'
import { startTestSandbox, tempDir } from './start.ts'

/** The limits of one bot on a clock of the test's own: `send` answers how many seconds to wait, 0 if it was taken. */
async function enforced() {
  const store = new Store(await tempDir())
  onTestFinished(() => store.close())
  const limits = new Limits(store)
  limits.set(0, true)
  const send = (chat: number, at: number, method = 'sendMessage') => {
    try {
      limits.admit(1, method, chat, at)
      return 0
    } catch (error) {
      return (error as { parameters: { retry_after: number } }).parameters.retry_after
    }
  }
  return { limits, send }
}

test('a chat takes a short burst and then one a second; edits count, typing does not', async () => {
  const { limits, send } = await enforced()
  expect([1, 2, 3].map(() => send(5, 0))).toEqual([0, 0, 0])
  expect(send(5, 0, 'editMessageText')).toBe(0)
  expect(send(5, 0, 'sendChatAction')).toBe(0)
  expect(send(5, 100)).toBe(1)
  expect(send(6, 100)).toBe(0)
  expect(send(5, 1100)).toBe(0)
  expect(send(5, 1200)).toBe(1)
  expect(limits.refused(1)).toEqual({ bot: 0, chat: 2, group: 0, cooldown: 0 })
})

test('a send during the pause is refused and counted, and prolongs nothing', async () => {
  const { limits, send } = await enforced()
  for (let nth = 0; nth < 4; nth++) send(5, 0)
  expect(send(5, 500)).toBe(1)
  expect([600, 900, 1400].map((at) => send(5, at))).toEqual([1, 1, 1])
  expect(send(5, 1500)).toBe(0)
  expect(limits.refused(1)).toEqual({ bot: 0, chat: 1, group: 0, cooldown: 3 })
})

test('a bot sends thirty a second to different chats, however long, and not many more', async () => {
  const { limits, send } = await enforced()
  let chat = 1
  for (let nth = 0; nth < 300; nth++) expect(send(chat++, Math.ceil(nth * (1000 / 30)))).toBe(0)
  const at = Math.ceil(299 * (1000 / 30)) + 1
  const burst = Array.from({ length: 60 }, () => send(chat++, at))
  expect(burst.filter((wait) => wait === 0).length).toBe(44)
  expect(limits.refused(1)).toEqual({ bot: 1, chat: 0, group: 0, cooldown: 15 })
  expect(send(chat++, at + 1000)).toBe(0)
})

test('a group takes twenty in any minute', async () => {
  const { limits, send } = await enforced()
  for (let nth = 0; nth < 20; nth++) expect(send(-7, nth * 2000)).toBe(0)
  expect(send(-7, 40_000)).toBe(20)
  expect(send(-8, 40_000)).toBe(0)
  expect(send(-7, 60_000)).toBe(0)
  expect(send(-7, 60_100)).toBe(2)
  expect(limits.refused(1)).toMatchObject({ group: 2 })
})

test('the switch is for one bot or for all, off at first, and outlives a restart', async () => {
  const dir = await tempDir()
  const first = await startTestSandbox({ dir })
  const shop = await first.bot()
  const other = await first.bot('other_bot')
  const { person, chat } = await first.person('Alice')
  for (const username of ['shop_bot', 'other_bot']) await chat(username).start()
  const codes = async (bot: typeof shop) => {
    const sent = Array.from({ length: 6 }, (_, nth) => bot.call('sendMessage', { chat_id: person.id, text: `${nth}` }))
    return (await Promise.all(sent)).map(({ error_code = 200 }) => error_code).sort()
  }
  expect(await codes(shop)).toEqual(Array(6).fill(200))
  await first.api('PUT', '/limits/0', { on: true })
  await first.api('PUT', `/limits/${other.id}`, { on: false })
  expect(await codes(shop)).toContain(429)
  expect(await codes(other)).toEqual(Array(6).fill(200))
  await first.api('DELETE', `/limits/${other.id}`)
  expect(await codes(other)).toContain(429)
  const { refused } = await first.api<{ refused: object }>('GET', '/limits/0')
  expect(refused).toMatchObject({ bot: 0, chat: 2, group: 0 })
  await first.close()

  const second = await startTestSandbox({ dir })
  expect(await second.api('GET', `/limits/${shop.id}`)).toEqual({
    on: true,
    own: false,
    ...{ bot_per_second: 30, bot_burst: 45, chat_per_second: 1, chat_burst: 4, group_per_minute: 20 },
    refused: { bot: 0, chat: 0, group: 0, cooldown: 0 },
  })
  await expect(second.api('PUT', '/limits/99', { on: true })).rejects.toThrow('There is no bot 99')
})

test('the instruments tell of every bot what is set and what was counted', async () => {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  await bot.call('getMe')
  await bot.call('sendMessage', { chat_id: 1, text: 'to nobody' })
  await sandbox.api('PUT', `/faults/${bot.id}`, { delay_ms: 5, seed: 1 })
  await bot.call('setWebhook', { url: 'http://127.0.0.1:9/hook' })
  expect(await sandbox.api('GET', '/instruments')).toMatchObject({
    limits: { on: false },
    fault: {},
    bots: [
      {
        username: 'shop_bot',
        limits: { on: false },
        fault: { delay_ms: 5, seed: 1 },
        calls: { getMe: { ok: 1 }, sendMessage: { 400: 1 }, setWebhook: { ok: 1 } },
        per_second: expect.any(Number),
        webhook: { url: 'http://127.0.0.1:9/hook', pending: 0 },
      },
    ],
  })
})
