import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addBot, claim } from '../chat-test.ts'
import { connectPerson, type PersonClient } from '../sandbox/person.ts'
import { callSandbox } from '../sandbox/sandbox-call.ts'
import { caller, keyOf, makeApiKey } from './by-chat.ts'
import { type RookeryProcess, startProcess } from './rookery-process.ts'
import { linkingJourney } from './secrets-linking.ts'

const confidence = 'the spare key lies under the third flowerpot'
const mishap = 'nobody may know of the green bicycle'
const announcement = 'your parcel waits at the counter of the night pharmacy'

let dir: string
let rookery: RookeryProcess
let people: PersonClient[]
/** What must not be found in the clear, each in the ways that it may be written. */
let secrets: Record<string, string[]>
/** What the log must not tell, though the data may. */
let personal: Record<string, string[]>

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  const kind = fileURLToPath(new URL('./secrets-kind.ts', import.meta.url))
  rookery = await startProcess({ dir, env: { LOG_LEVEL: 'trace' }, args: ['start', kind] })
  people = await Promise.all(['Alice', 'Umid'].map((who) => connectPerson(rookery.sandboxUrl, who)))
  secrets = await journey()
}, 120_000)
afterAll(async () => {
  await Promise.all(people.map((person) => person.close()))
  await rookery.kill()
  await rm(dir, { recursive: true })
})

test('the log tells of what happened and holds no secret', () => {
  const log = rookery.log()
  for (const told of ['bot runs', 'an update failed', 'refused a call', 'met an obstacle']) expect(log).toContain(told)
  expect(found({ 'the log': Buffer.from(log) }, { ...secrets, ...personal, announcement: [announcement] })).toEqual([])
})

test('the data folder holds no secret while the server runs, nor once it has stopped', async () => {
  expect(found(await data(), secrets)).toEqual([])
  expect(await rookery.stop()).toBe(0)
  expect(found(await data(), secrets)).toEqual([])
})

test('the search finds what is there', async () => {
  const store = await data()
  expect(found(store, { user: ['user-127'] })).not.toEqual([])
  const sandbox = await files(join(dir, 'sandbox'))
  for (const [name, [secret = '']] of Object.entries(secrets))
    if (/token|confidence|^code of (linking|a link)/.test(name))
      expect(found(sandbox, { [name]: [secret] })).not.toEqual([])
})

/** All that a secret is used for: a claim, a token, keys, calls, a dialogue that waits, one that fails, a connection that breaks, accounts. */
async function journey(): Promise<Record<string, string[]>> {
  const [alice, umid] = people as [PersonClient, PersonClient]
  const { code } = await rookery.claim()
  await claim(alice, code)
  const token = await addBot(alice, { name: 'Shop', username: 'shop_bot', kind: 'Secretive' })
  const keys = [await keyOf(alice.chat('shop_bot')), await keyOf(umid.chat('shop_bot'))] as const
  const apiKey = await makeApiKey(alice.chat('metabot'))
  const call = caller(rookery, 'shop_bot', apiKey)
  expect(await call('keys/assign', { key: keys[0], userId: 'user-127' })).toMatchObject({ success: true })
  const [hers, his] = [alice.chat('shop_bot'), umid.chat('shop_bot')]
  await hers.sees('user-127')
  await his.sends('/confide')
  await his.sees('What is it?')
  await his.sends(confidence)
  await his.sees('And what else?')
  await hers.sends('/stumble')
  await hers.sees('What is it?')
  await hers.sends(mishap)
  await hers.sees('Something went wrong')
  const params = { userIds: ['user-127'], keys: [keys[1]], text: announcement }
  expect(await call('notify', params)).toMatchObject({ success: true, notFound: [keys[1]] })
  await hers.sees(announcement)
  // The messenger breaks off a call, whose address holds the token.
  await callSandbox(rookery.sandboxUrl, 'PUT', '/faults/0', { drop_share: 1, times: 1, methods: ['sendMessage'] })
  expect(await call('notify', { userIds: ['user-127'], text: 'again' })).toMatchObject({ success: true })
  await hers.sees('again')

  const linking = await linkingJourney(rookery, alice, apiKey)
  personal = linking.inNoLog

  const metabot = await callSandbox<{ token: string }>(rookery.sandboxUrl, 'POST', '/bots', {
    ...{ name: 'Metabot', username: 'metabot' },
  })
  return {
    'claim code': [code, code.replaceAll('-', ''), code.toLowerCase()],
    'token of the bot': inAllParts(token),
    'token of Metabot': inAllParts(metabot.token),
    'bound key': spellings(keys[0]),
    'free key': spellings(keys[1]),
    'API key': [apiKey, apiKey.replace('rk_', '')],
    confidence: [confidence],
    mishap: [mishap],
    ...linking.codes,
  }
}

const inAllParts = (token: string) => [token, token.split(':')[1] ?? token]
const spellings = (key: string) => [key, key.replace(' ', '')]

/** The data but for what is meant to know secrets: the messenger's own folder and the key that seals. */
async function data(): Promise<Record<string, Buffer>> {
  const all = Object.entries(await files(dir))
  return Object.fromEntries(all.filter(([path]) => !path.startsWith(`sandbox${sep}`) && path !== 'secret.key'))
}

async function files(folder: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path)] as const)),
  )
}

/** Which secret is found where. */
function found(places: Record<string, Buffer>, sought: Record<string, string[]>): string[] {
  return Object.entries(places).flatMap(([place, bytes]) =>
    Object.entries(sought)
      .filter(([, spelled]) => spelled.some((text) => holds(bytes, text)))
      .map(([secret]) => `${secret} in ${place}`),
  )
}

/** Six digits alone are also part of many a longer number. */
function holds(bytes: Buffer, text: string): boolean {
  if (!/^\d{6}$/.test(text)) return bytes.includes(text)
  return bytes.includes(text) && new RegExp(`(?<![\\d.])${text}(?!\\d)`).test(bytes.toString('latin1'))
}
