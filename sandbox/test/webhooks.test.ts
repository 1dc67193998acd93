import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startTestSandbox, tempDir } from './start.ts'
import { listenForUpdates, textOf } from './webhook-listener.ts'

const usual = { patience: 10_000, firstPause: 20, longestPause: 60 }
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 10_000 })

async function started({ dir, times = usual }: { dir?: string; times?: typeof usual } = {}) {
  const sandbox = await startTestSandbox({ times, ...(dir && { dir }) })
  const bot = await sandbox.bot()
  const alice = await sandbox.person('Alice')
  const umid = await sandbox.person('Umid')
  const info = async () => (await bot.call('getWebhookInfo')).result
  return { sandbox, bot, info, alice: alice.chat('shop_bot'), umid: umid.chat('shop_bot') }
}

test('updates are posted with the secret, those that wait first, and are gone when taken', async () => {
  const { bot, alice, info } = await started()
  await alice.start()
  const hook = await listenForUpdates()
  const set = { url: hook.url, secret_token: 'Se-cret_1', max_connections: 7, allowed_updates: ['message'] }
  expect(await bot.call('setWebhook', set)).toMatchObject({ ok: true, result: true })
  const { message_id } = await alice.sends('hello')
  await alice.edits(message_id, 'not asked for')
  await alice.sends('again')
  await eventually(hook.texts).toEqual(['/start', 'hello', 'again'])
  expect(hook.heard[0]?.headers).toMatchObject({
    'x-telegram-bot-api-secret-token': 'Se-cret_1',
    'content-type': 'application/json',
  })
  await eventually(info).toEqual({
    url: hook.url,
    has_custom_certificate: false,
    pending_update_count: 0,
    max_connections: 7,
    allowed_updates: ['message'],
  })
})

test('while a webhook is set nobody polls; once it is deleted what waits can be polled', async () => {
  const { bot, alice, info } = await started()
  const hook = await listenForUpdates((response) => response.writeHead(503))
  const polled = bot.call('getUpdates', { timeout: 20 })
  const asked = bot.call('setWebhook', { url: hook.url })
  expect(await polled).toMatchObject({ error_code: 409, description: expect.stringContaining('setWebhook') })
  await asked
  expect(await bot.call('getUpdates')).toEqual({
    ok: false,
    error_code: 409,
    description:
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
  })
  await alice.start()
  await eventually(info).toMatchObject({ pending_update_count: 1, last_error_date: expect.any(Number) })
  await bot.call('deleteWebhook')
  expect(await info()).toEqual({ url: '', has_custom_certificate: false, pending_update_count: 1 })
  expect((await bot.call('getUpdates')).result.map(textOf)).toEqual(['/start'])
  await bot.call('setWebhook', { url: hook.url, drop_pending_updates: true })
  expect(await info()).toMatchObject({ url: hook.url, pending_update_count: 0 })
  await bot.call('setWebhook', { url: '' })
  expect(await info()).toMatchObject({ url: '' })
})

test('what is refused is sent again, in the order of its chat, while other chats go on', async () => {
  const { bot, alice, umid, info } = await started()
  let left = 4
  const hook = await listenForUpdates((response, { update }) => {
    if (update.message?.from.first_name === 'Alice' && left-- > 0) response.writeHead(500)
  })
  await bot.call('setWebhook', { url: hook.url })
  await alice.start()
  await alice.sends('second')
  await umid.start()
  const from = (name: string) =>
    hook.heard.filter(({ update }) => update.message?.from.first_name === name).map(({ update }) => textOf(update))
  await eventually(() => from('Umid')).toEqual(['/start'])
  await eventually(() => from('Alice')).toEqual([...Array(5).fill('/start'), 'second'])
  expect(await info()).toMatchObject({
    pending_update_count: 0,
    last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
  })
})

test('silence, a broken connection and a closed port are failures with a name', async () => {
  const { bot, alice, info } = await started({ times: { ...usual, patience: 500 } })
  const names: string[] = []
  let arrived = 0
  const hook = await listenForUpdates(async (response) => {
    const nth = ++arrived
    names.push((await info()).last_error_message)
    if (nth === 1) await once(response, 'close')
    if (nth === 2) response.destroy()
  })
  await bot.call('setWebhook', { url: hook.url })
  await alice.start()
  const distinct = () => [...new Set(names)]
  await eventually(distinct).toEqual([undefined, 'Read timeout expired', 'Connection reset by peer'])
  await eventually(info).toMatchObject({ pending_update_count: 0 })
  hook.close()
  await alice.sends('is anybody there?')
  await eventually(info).toMatchObject({ pending_update_count: 1, last_error_message: 'Connection refused' })
})

test('no more chats are told at once than the bot wants', async () => {
  const { sandbox, bot } = await started()
  let open = 0
  let most = 0
  const hook = await listenForUpdates(async () => {
    most = Math.max(most, ++open)
    await pause(20)
    open--
  })
  await bot.call('setWebhook', { url: hook.url, max_connections: 2 })
  const people = await Promise.all(['Vera', 'Wali', 'Xenia', 'Yana', 'Zoya'].map(sandbox.newPerson))
  await Promise.all(people.map((person) => person.chat('shop_bot').start()))
  await eventually(() => hook.heard.length).toBe(5)
  expect(most).toBe(2)
})

test('a webhook and what waits for it outlive a restart, and no number is given twice', async () => {
  const dir = await tempDir()
  const before = await started({ dir })
  let refuse = false
  const hook = await listenForUpdates((response) => refuse && response.writeHead(502))
  await before.bot.call('setWebhook', { url: hook.url })
  await before.alice.start()
  await eventually(before.info).toMatchObject({ pending_update_count: 0 })
  refuse = true
  await before.alice.sends('kept')
  await eventually(before.info).toMatchObject({ pending_update_count: 1 })
  await before.sandbox.close()
  refuse = false
  const after = await started({ dir })
  await eventually(after.info).toMatchObject({ url: hook.url, pending_update_count: 0 })
  await after.sandbox.close()
  const third = await started({ dir })
  await third.alice.sends('later')
  await eventually(() => hook.texts().at(-1)).toBe('later')
  const heard = hook.heard.map(({ update }) => `${update.update_id} ${textOf(update)}`)
  expect([...new Set(heard)]).toEqual(['1 /start', '2 kept', '3 later'])
})

test('a webhook answers with a call of a method, but not with one that would ask', async () => {
  const { sandbox, bot, alice } = await started()
  const answers = [
    {
      type: 'application/json',
      body: (chat: number) => JSON.stringify({ method: 'sendMessage', chat_id: chat, text: 'One' }),
    },
    {
      type: 'application/x-www-form-urlencoded',
      body: (chat: number) => `method=sendMessage&chat_id=${chat}&text=Two`,
    },
    { type: 'application/json', body: () => JSON.stringify({ method: 'deleteWebhook' }) },
    { type: 'application/json', body: () => JSON.stringify({ method: 'sendMessage', text: 'to nobody' }) },
  ]
  const hook = await listenForUpdates((response, { update }) => {
    const answer = answers.shift()
    if (answer) response.setHeader('content-type', answer.type).end(answer.body(update.message?.chat.id ?? 0))
  })
  await bot.call('setWebhook', { url: hook.url })
  await alice.start()
  await alice.sees('One')
  await alice.sends('b')
  await alice.sees('Two')
  await alice.sends('c')
  await alice.sends('d')
  const counted = () => sandbox.api('GET', `/bots/${bot.id}/counters`)
  await eventually(counted).toEqual({ setWebhook: { ok: 1 }, sendMessage: { ok: 2, 400: 1 } })
})

test('the same webhook set again gives up nothing that is on its way', async () => {
  const { bot, alice, info } = await started()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const hook = await listenForUpdates(() => released)
  await bot.call('setWebhook', { url: hook.url })
  await alice.start()
  await eventually(hook.texts).toEqual(['/start'])
  await bot.call('setWebhook', { url: hook.url, allowed_updates: ['message'] })
  release()
  await eventually(info).toMatchObject({ pending_update_count: 0, allowed_updates: ['message'] })
  expect(hook.texts()).toEqual(['/start'])
})

test('an address or a secret that Telegram would refuse is refused', async () => {
  const { bot } = await started()
  const refusal = async (set: object) => (await bot.call('setWebhook', set)).description
  const https = 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook'
  expect(await refusal({ url: 'http://example.com/hook' })).toBe(https)
  expect(await refusal({ url: 'example' })).toBe(https)
  expect(await refusal({ url: 'https://example.com:8080' })).toContain('only on ports 80, 88, 443 or 8443')
  const url = 'http://127.0.0.1:9/hook'
  expect(await refusal({ url, secret_token: 'a b' })).toContain('unallowed characters')
  expect(await refusal({ url, secret_token: 'a'.repeat(257) })).toContain('too long')
})
