import { expect, test } from 'vitest'
import { startTestSandbox } from './start.ts'

async function started() {
  const sandbox = await startTestSandbox()
  const bot = await sandbox.bot()
  const alice = await sandbox.person('Alice')
  await alice.chat('shop_bot').start()
  const send = (text: string) => bot.call('sendMessage', { chat_id: alice.person.id, text })
  const arrived = async () => (await alice.chat('shop_bot').messages()).slice(1).map(({ text }) => text)
  return {
    sandbox,
    bot,
    send,
    arrived,
    set: (fault: object, who = bot.id) => sandbox.api('PUT', `/faults/${who}`, fault),
  }
}

test('a limit is told with retry_after for as many calls as wanted, of the methods named', async () => {
  const { bot, send, set, arrived } = await started()
  await set({ retry_after: 3, times: 2, methods: ['sendMessage'] })
  expect((await bot.call('getMe')).ok).toBe(true)
  const limited = {
    ok: false,
    error_code: 429,
    description: 'Too Many Requests: retry after 3',
    parameters: { retry_after: 3 },
  }
  expect([await send('one'), await send('two')]).toEqual([limited, limited])
  expect((await send('three')).ok).toBe(true)
  expect(await arrived()).toEqual(['three'])
})

test('a dropped call is not applied, a lost answer is', async () => {
  const { sandbox, bot, send, set, arrived } = await started()
  await set({ drop_share: 1, times: 1 })
  await expect(send('dropped')).rejects.toThrow('fetch failed')
  await set({ lost_answer_share: 1, times: 1 })
  await expect(send('lost')).rejects.toThrow('fetch failed')
  expect((await send('plain')).ok).toBe(true)
  expect(await arrived()).toEqual(['lost', 'plain'])
  expect(await sandbox.api('GET', `/bots/${bot.id}/counters`)).toEqual({ sendMessage: { dropped: 1, lost: 1, ok: 1 } })
})

test('a share of failures repeats with its seed', async () => {
  const { send, set } = await started()
  const run = async () => {
    await set({ fail_share: 0.5, seed: 7 }, 0)
    const codes: unknown[] = []
    for (let call = 0; call < 12; call++) codes.push((await send('x')).error_code)
    return codes
  }
  const first = await run()
  expect(new Set(first)).toEqual(new Set([undefined, 502]))
  expect(await run()).toEqual(first)
})

test('a delayed call holds up no other, and ends with the sandbox', async () => {
  const { sandbox, bot, send, set, arrived } = await started()
  await set({ delay_ms: 60_000, times: 1 })
  const slow = send('slow')
  await expect.poll(() => sandbox.api('GET', `/faults/${bot.id}`)).toEqual({})
  expect((await send('fast')).ok).toBe(true)
  expect(await arrived()).toEqual(['fast'])
  await sandbox.close()
  await expect(slow).resolves.toMatchObject({ ok: false, error_code: 500 })
})

test('a fault that is taken back is over', async () => {
  const { sandbox, bot, send, set } = await started()
  await set({ retry_after: 1 })
  expect((await send('one')).error_code).toBe(429)
  await sandbox.api('DELETE', `/faults/${bot.id}`)
  expect((await send('two')).ok).toBe(true)
})

test('a fault that makes no sense is refused', async () => {
  const { set } = await started()
  await expect(set({ fail_share: 2 })).rejects.toThrow('fail_share')
  await expect(set({ dely_ms: 2 })).rejects.toThrow('dely_ms')
  await expect(set({ delay_ms: 2 }, 99)).rejects.toThrow('There is no bot 99')
})
