import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { mongo } from 'mongoose'
import { type App, startApp } from './app.ts'
import { createLogger } from './config/logger.ts'
import { readSettings, type Settings } from './config/settings.ts'
import type { Kind } from './dialogue/kind.ts'
import { type FleetTimes, fleetTimes } from './fleet/fleet.ts'
import { addPerson, connectPerson, type PersonClient } from './sandbox/person.ts'

export type ColonyOptions = {
  kinds?: readonly Kind[]
  times?: FleetTimes
  /** The data folder; without one a new folder is used and removed again. */
  dir?: string
  /** Runs the demo directory, examples/directory, beside the sandbox, which bots then use. */
  directory?: boolean
  /** Settings as in the environment; the ports are free ones, the sandbox is on. */
  env?: Record<string, string>
}

/** A whole Rookery on ports of its own, with people who chat. For tests; `await using` closes it. */
export type Colony = {
  app: App
  settings: Settings
  /** The two people of the sandbox: Alice, who has claimed Metabot, and Umid. */
  admin: PersonClient
  user: PersonClient
  /** The demo directory, where it was asked for: `colony.directory.call('PUT /faults', { status: 500 })`. */
  readonly directory: ColonyDirectory
  /** Somebody new in the sandbox. */
  person(given: {
    first_name: string
    last_name?: string
    username?: string
    phone?: string
    language_code?: string
  }): Promise<PersonClient>
  /** Makes a bot in BotFather and adds it in Metabot, by chatting as the admin; answers its token. */
  addBot(bot: { name: string; username: string; kind: string }): Promise<string>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The demo directory of a colony, for what tests set and read. */
export type ColonyDirectory = {
  url: string
  token: string
  /** Any call, such as `GET /counters` or `POST /admin/person/block`. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  call(call: string, body?: object): Promise<any>
}

/** Starts a colony: `await using colony = await startColony({ kinds: [hello] })`. */
export async function startColony({
  kinds = [],
  times = fleetTimes,
  dir,
  directory = false,
  env = {},
}: ColonyOptions = {}): Promise<Colony> {
  const dataDir = dir ?? (await mkdtemp(join(tmpdir(), 'rookery-')))
  const settings = settingsForTests(dataDir, { ...(directory && { DEMO_DIRECTORY: 'on' }), ...env })
  const app = await startApp(settings, { log: createLogger(settings.logLevel), kinds, times })
  const people: PersonClient[] = []
  const close = async () => {
    await Promise.all(people.splice(0).map((person) => person.close()))
    await app.close()
    if (!dir) await removeTestData(settings)
  }
  try {
    const { sandboxUrl = fail('The colony needs the sandbox: leave SANDBOX out of its env') } = app
    const connected = async (person: Promise<PersonClient>) => people[people.push(await person) - 1] as PersonClient
    const admin = await connected(connectPerson(sandboxUrl, 'Alice'))
    const user = await connected(connectPerson(sandboxUrl, 'Umid'))
    if (app.claims[0]) await claim(admin, app.claims[0].code)
    return {
      ...{ app, settings, admin, user, close },
      get directory() {
        return directoryOf(app)
      },
      person: (given) => connected(addPerson(sandboxUrl, given)),
      addBot: (bot) => addBot(admin, bot),
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function directoryOf({ directory }: App): ColonyDirectory {
  const { url, token } = directory ?? fail('The colony has no directory: start it by startColony({ directory: true })')
  return {
    url,
    token,
    async call(call, body) {
      const [method = '', path] = call.split(' ')
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const answer = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
      return answer.json()
    },
  }
}

/**
 * Settings of a test: free ports, a silent log, no directory, and the tests' own MongoDB (never the one of MONGODB_URI) where TEST_MONGODB_URI names
 * one, with a database for each data folder.
 */
export function settingsForTests(dataDir: string, env: Record<string, string> = {}): Settings {
  const ports = { PORT: '0', SANDBOX_PORT: '0', SANDBOX: 'on', DIRECTORY_PORT: '0', DEMO_DIRECTORY: 'off' }
  return readSettings({ DATA_DIR: dataDir, LOG_LEVEL: 'silent', ...ports, ...storeForTests(dataDir), ...env })
}

/** Removes what a test has left: its data folder, and its database where it had one. */
export async function removeTestData({ dataDir, mongodbUri }: Settings): Promise<void> {
  await rm(dataDir, { recursive: true, force: true })
  if (!mongodbUri) return
  const client = new mongo.MongoClient(mongodbUri)
  await client.db().dropDatabase()
  await client.close()
}

function storeForTests(dataDir: string): Record<string, string> {
  const uri = process.env.TEST_MONGODB_URI
  if (!uri) return {}
  const database = new URL(uri)
  database.pathname = `/test-${basename(dataDir)}`
  return { MONGODB_URI: database.href, SECRET_KEY: 'a secret that the tests of one run share' }
}

export async function claim(admin: PersonClient, code: string): Promise<void> {
  await admin.chat('metabot').start(code)
  await admin.chat('metabot').sees('Add a bot')
}

export async function addBot(
  admin: PersonClient,
  { name, username, kind }: { name: string; username: string; kind: string },
): Promise<string> {
  const father = admin.chat('BotFather')
  await father.start()
  await father.sends('/newbot')
  await father.sends(name)
  await father.sends(username)
  const done = await father.sees(/\d+:[\w-]{35}/)
  const token = /\d+:[\w-]{35}/.exec(done.text ?? '')?.[0] ?? fail('BotFather gave no token')
  const metabot = admin.chat('metabot')
  await metabot.presses('Add a bot')
  await metabot.sends(token)
  await metabot.sees(username)
  await metabot.presses(kind)
  await metabot.sees('Switch off')
  return token
}

function fail(message: string): never {
  throw new Error(message)
}
