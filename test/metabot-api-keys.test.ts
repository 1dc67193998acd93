import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiKeys, revokeApiKey } from '../acts/api-keys.ts'
import { removeBot } from '../acts/bots.ts'
import { type Colony, startColony } from '../chat-test.ts'
import { ApiKey } from '../models/api-key.ts'
import { Bot } from '../models/bot.ts'
import { Dialogue } from '../models/dialogue.ts'
import { Right } from '../models/right.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { callSandbox } from '../sandbox/sandbox-call.ts'

let colony: Colony
let metabot: PersonChat

beforeAll(async () => {
  colony = await startColony()
  await colony.addBot({ name: 'Shop', username: 'shop_bot', kind: 'Notifications' })
  await colony.addBot({ name: 'Desk', username: 'desk_bot', kind: 'Notifications' })
  metabot = colony.admin.chat('metabot')
})
afterAll(() => colony.close())

function make(name: string, ...bots: string[]): Promise<string> {
  return makeLimited(name, bots, ['All endpoints'])
}

async function makeLimited(name: string, bots: string[], endpoints: string[]): Promise<string> {
  await metabot.sends('/start')
  await metabot.presses('API keys')
  await metabot.presses('New')
  await metabot.sees('What shall the key be called?')
  await metabot.sends(name)
  for (const bot of bots) await metabot.presses(bot)
  for (const endpoint of endpoints) await metabot.presses(endpoint)
  return (await metabot.sees('it is shown this once')).text ?? ''
}

test('a new key is shown once, with a command line that names the bot and the address', async () => {
  const text = await make('ERP', 'Shop', 'That is all')
  const secret = /rk_[\w-]+/.exec(text)?.[0] ?? ''
  expect(text).toContain(`curl ${colony.app.url}/api/v1/bots/shop_bot/call/notify`)
  expect(text).toContain('Nobody is connected yet')
  expect(text).toContain(`-H 'Authorization: Bearer ${secret}'`)
  expect(await ApiKey.bySecret(secret)).toMatchObject({ name: 'ERP', bots: [expect.anything()] })
  await metabot.presses(/ERP/)
  expect((await metabot.sees('Never used yet')).text).toMatch(new RegExp(`…${secret.slice(-4)}[^]*Bots: Shop`))
})

test('a key may be for all bots, or for several', async () => {
  await make('CRM', 'All bots')
  await metabot.presses(/CRM/)
  await metabot.sees('All bots')
  await make('Site', 'Shop', 'Desk')
  await metabot.presses(/Site/)
  await metabot.sees('Bots: Shop, Desk')
})

test('bots that do not fit under one question are behind another button', async () => {
  const { locale, server } = await Bot.named('sandbox', 'shop_bot').orFail()
  for (let bot = 1; bot <= 20; bot++) {
    const identity = { botId: `${bot}`, username: `resting_${bot}_bot`, name: `Resting ${bot}`, description: '' }
    await Bot.add({ server, kind: 'kind-of-yesterday', locale, ...identity }, `${bot}:none`)
  }
  await make('Many', 'Desk', 'More …', 'Resting 20', 'That is all')
  await metabot.presses(/Many/)
  await metabot.sees('Bots: Desk, Resting 20')
})

test('a revoked key is no key any more', async () => {
  const secret = /rk_[\w-]+/.exec(await make('Old', 'All bots'))?.[0] ?? ''
  await metabot.presses(/Old/)
  await metabot.presses('Revoke')
  await metabot.sees('Revoke the key Old?')
  await metabot.presses('Revoke')
  await metabot.sees('4 API keys')
  expect(await ApiKey.bySecret(secret)).toBeNull()
})

test('a wish that is repeated, since what came of it was not kept, makes one key', async () => {
  const { _id, botId } = await Bot.findOne({ kind: 'metabot' }).orFail()
  await metabot.sends('/start')
  await metabot.presses('API keys')
  await metabot.presses('New')
  await metabot.sees('What shall the key be called?')
  await metabot.sends('Twice')
  await metabot.sees('Which bots')
  await metabot.presses('All bots')
  await metabot.sees('What may it do with them?')
  const slow = { delay_ms: 1_000, times: 1, methods: ['sendMessage'] }
  await callSandbox(colony.app.sandboxUrl ?? '', 'PUT', `/faults/${botId}`, slow)
  const pressing = metabot.presses('All endpoints')
  await expect.poll(() => ApiKey.countDocuments({ name: 'Twice' })).toBe(1)
  await Dialogue.updateOne({ _id: Dialogue.idOf(_id, colony.admin.person.id) }, { $inc: { version: 1 } })
  await pressing
  // Said by each of the two attempts.
  await metabot.sees('5 API keys')
  await metabot.sees('5 API keys')
  const told = (await metabot.messages()).map(({ text }) => /The key Twice:\s+(rk_[\w-]+)/.exec(text ?? '')?.[1] ?? '')
  const secrets = told.filter(Boolean)
  expect(secrets).toHaveLength(2)
  expect(await ApiKey.countDocuments({ name: 'Twice' })).toBe(1)
  expect(await ApiKey.bySecret(secrets[0] ?? '')).toBeNull()
  expect(await ApiKey.bySecret(secrets[1] ?? '')).toMatchObject({ name: 'Twice' })
})

test('a key outlives one of its bots, for the admin of the others and for its maker', async () => {
  const personId = 4711
  const [kept, gone] = await Bot.find({ kind: 'kind-of-yesterday' }).limit(2)
  if (!kept || !gone) throw new Error('There are no resting bots')
  const bots = [kept._id, gone._id]
  for (const bot of bots) await Right.give('sandbox', personId, bot, 'admin')
  await Right.give('sandbox', 4712, kept._id, 'admin')
  const { record } = await ApiKey.make({ server: 'sandbox', name: 'Both', bots, madeBy: personId })
  const seenBy = async (who: number) => (await apiKeys({ server: 'sandbox', personId: who })).map(({ name }) => name)
  expect(await seenBy(4712)).toEqual([])
  const owner = { server: 'sandbox', personId: colony.admin.person.id }
  await removeBot(owner, String(gone._id))
  expect([await seenBy(personId), await seenBy(4712)]).toEqual([['Both'], ['Both']])
  await Right.give('sandbox', 4713, kept._id, 'viewer')
  expect(await seenBy(4713)).toEqual([])
  await revokeApiKey({ server: 'sandbox', personId }, String(record._id))
  expect(await seenBy(personId)).toEqual([])
})

test('the command line works when it is pasted', async () => {
  const desk = colony.user.chat('desk_bot')
  await desk.start()
  await desk.presses('Mening kalitim')
  const { text = '' } = await desk.sees('Kalitingiz')
  await metabot.sends('/bots')
  await metabot.presses(/Desk/)
  await metabot.presses('Users')
  await metabot.presses('Enter a key')
  await metabot.sends(/\d{4} \d{4}/.exec(text)?.[0] ?? '')
  await metabot.sends("O'Neil 1")
  await metabot.sees('Connect to the user')
  await metabot.presses('Connect')
  await desk.sees('ulandingiz')
  const made = await make('Try', 'Desk', 'That is all')
  expect(made).toContain("It says Hello to the user O'Neil 1.")
  const line = /curl .*/.exec(made)?.[0] ?? ''
  const [url, ...rest] = shellWords(line)
  const after = (flag: string) => rest.flatMap((word, index) => (word === flag ? (rest[index + 1] ?? '') : []))
  const headers = after('-H').map((header) => header.split(': ') as [string, string])
  const answer = await fetch(url ?? '', { method: 'POST', headers, body: after('-d')[0] ?? '' })
  expect(await answer.json()).toMatchObject({ success: true, queued: 1 })
  await desk.sees('Hello')
})

test('a key may be limited to some endpoints, and its page and /me say so', async () => {
  const made = await makeLimited('Reader', ['Desk', 'That is all'], ['keys/list', 'keys/assign', 'That is all'])
  const authorization = `Bearer ${/rk_[\w-]+/.exec(made)?.[0]}`
  expect(made).toContain(`curl ${colony.app.url}/api/v1/me -H 'Authorization: ${authorization}'`)
  expect(made).toContain('It tells what this key may do.')
  await metabot.presses(/Reader/)
  await metabot.sees('Endpoints: keys/list, keys/assign')
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization, 'content-type': 'application/json' }
    const answer = await fetch(`${colony.app.url}/api/v1/${path}`, { ...init, headers })
    return { status: answer.status, body: await answer.json() }
  }
  const call = (alias: string) => ask(`bots/desk_bot/call/${alias}`, { method: 'POST', body: '{}' })
  expect(await call('keys/list')).toMatchObject({ status: 200, body: { success: true } })
  const message = 'This API key may not call this endpoint'
  expect(await call('notify')).toEqual({ status: 403, body: { success: false, message } })
  expect((await ask('me')).body).toMatchObject({
    key: { name: 'Reader', allBots: false, allEndpoints: false },
    bots: [{ username: 'desk_bot', endpoints: ['keys/assign', 'keys/list'] }],
  })
})

/** The words that a shell hands to curl. */
function shellWords(line: string): string[] {
  const script = `curl() { printf '%s\\n' "$@"; }; ${line}`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n')
}
