import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { addBot, claim } from '../chat-test.ts'
import { connectPerson, type PersonClient } from '../sandbox/person.ts'
import { callSandbox } from '../sandbox/sandbox-call.ts'
import { caller, keyOf, makeApiKey } from './by-chat.ts'
import { freePorts, type RookeryProcess, runProcess, startProcess } from './rookery-process.ts'

const hello = join(import.meta.dirname, '../examples/hello/hello.ts')
const bot = { name: 'Hello', username: 'hello_bot', kind: 'Hello' }

// Several starts of the whole process a test, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

let dir: string
let ports: Record<string, string>
let rookery: RookeryProcess
let people: PersonClient[]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  ports = await freePorts()
  people = []
  await start()
})
afterEach(async () => {
  await leave()
  await rookery.kill()
  await rm(dir, { recursive: true })
})

test('Ctrl-C in the middle of a form and of sending loses nothing, and the next start goes on', async () => {
  const [alice, umid] = [await person('Alice'), await person('Umid')]
  await claim(alice, (await rookery.claim()).code)
  const botId = (await addBot(alice, bot)).split(':')[0]
  const call = caller(rookery, bot.username, await makeApiKey(alice.chat('metabot')))
  await call('keys/assign', { key: await keyOf(alice.chat(bot.username)), userId: 'alice' })
  await alice.chat(bot.username).sees('alice')
  const form = umid.chat(bot.username)
  await form.sends('/form')
  await form.sees('Ismingiz nima?')
  await form.sends('Umid')
  await form.sees('Umid')

  await callSandbox(rookery.sandboxUrl, 'PUT', '/faults/0', { delay_ms: 100, methods: ['sendMessage'] })
  const said = (): Promise<{ text: string }[]> => callSandbox(rookery.sandboxUrl, 'GET', `/bots/${botId}/outbox`)
  const shipped = async () => (await said()).map(({ text }) => text).filter((text) => text.startsWith('Order'))
  const texts = Array.from({ length: 40 }, (_, nth) => `Order ${nth} has shipped`)
  for (const text of texts) expect(await call('notify', { userIds: ['alice'], text })).toMatchObject({ queued: 1 })
  await alice.chat(bot.username).sees('Order 5 has shipped')
  await form.sends('+998 90 123 45 67')
  expect((await shipped()).length).toBeLessThan(texts.length)
  await leave()
  expect(await rookery.stop('SIGINT')).toBe(0)

  await start()
  await expect.poll(async () => (await shipped()).length, { timeout: 10_000 }).toBe(texts.length)
  expect(await shipped()).toEqual(texts)
  const again = (await person('Umid')).chat(bot.username)
  await again.sends('Buxoro')
  expect((await again.sees('Buxoro')).text).toMatch(/Umid[\s\S]*\+998 90 123 45 67[\s\S]*Buxoro/)
})

test('a new claim code, made beside the running server or without it, ends the one before', async () => {
  const chat = (await person('Alice')).chat('metabot')
  const first = (await rookery.claim()).code
  const beside = await newCode()
  await chat.start(first)
  await chat.sees('This is not the code')

  await leave()
  expect(await rookery.stop('SIGTERM')).toBe(0)
  const without = await newCode()
  await start()
  const printed = (await rookery.claim()).code
  const asked = (await person('Alice')).chat('metabot')
  for (const old of [beside, without]) {
    await asked.sends(old)
    await asked.sees('This is not the code')
  }
  await asked.sends(printed)
  await asked.sees('this colony is yours')
})

async function start(): Promise<void> {
  rookery = await startProcess({ dir, env: ports, args: ['start', hello] })
}

async function person(name: string): Promise<PersonClient> {
  const client = await connectPerson(rookery.sandboxUrl, name)
  people.push(client)
  return client
}

async function leave(): Promise<void> {
  await Promise.all(people.splice(0).map((client) => client.close()))
}

/** What `npm run claim` prints. */
async function newCode(): Promise<string> {
  const { code, output } = await runProcess({ dir, env: ports, args: ['claim'] })
  expect(code).toBe(0)
  const [, made = '', link] = /^Claim code of Metabot on sandbox: (\S+) \(or open (\S+)\)$/m.exec(output) ?? []
  expect(link).toMatch(new RegExp(`/#/chat/metabot\\?start=${made}$`))
  return made
}
