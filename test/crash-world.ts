import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { addBot, claim } from '../chat-test.ts'
import { runningStoreUri } from '../embedded-mongo/store-note.ts'
import { connectPerson, type PersonClient } from '../sandbox/person.ts'
import { callSandbox } from '../sandbox/sandbox-call.ts'
import { freePorts, type LaunchedProcess, launch } from './rookery-process.ts'

const helloFile = join(import.meta.dirname, '../examples/hello/hello.ts')

export type OutboxLine = { seq: number; message_id: number; chat_id: number; text: string }

/** The sandbox and Rookery as two processes, of which Rookery dies and comes back at the same address. */
export class CrashWorld {
  readonly #dir: string
  readonly #sandbox: LaunchedProcess
  readonly #env: Record<string, string>
  readonly sandboxUrl: string
  readonly url: string
  readonly bot = { id: 0, username: 'hello_bot', token: '' }
  readonly people: PersonClient[] = []
  #rookery: LaunchedProcess | undefined
  /** What Rookery's lives have logged. */
  log = ''

  private constructor(dir: string, sandbox: LaunchedProcess, sandboxUrl: string, env: Record<string, string>) {
    this.#dir = dir
    this.#sandbox = sandbox
    this.#env = env
    this.sandboxUrl = sandboxUrl
    this.url = `http://127.0.0.1:${env.PORT}`
  }

  /** A claimed Metabot with one bot of the kind hello. */
  static async open(): Promise<CrashWorld> {
    const dir = await mkdtemp(join(tmpdir(), 'rookery-crash-'))
    const sandbox = launch({ dir, env: { SANDBOX_PORT: '0' }, file: 'sandbox/main.ts' })
    const [, url = ''] = await sandbox.says(/Sandbox: (\S+)/)
    const { token } = await callSandbox<{ token: string }>(url, 'POST', '/bots', {
      name: 'Metabot',
      username: 'metabot',
    })
    const world = new CrashWorld(dir, sandbox, url, {
      ...{ PORT: (await freePorts()).PORT, SANDBOX: 'off' },
      ...{ METABOT_TOKEN: token, TELEGRAM_API_ROOT: url },
    })
    const [, code = ''] = await world.start().says(/Claim code of Metabot: (\S+)/)
    const admin = await world.connect('Alice')
    await claim(admin, code)
    world.bot.token = await addBot(admin, { name: 'Hello', username: world.bot.username, kind: 'Hello' })
    world.bot.id = Number(world.bot.token.split(':')[0])
    return world
  }

  start(): LaunchedProcess {
    this.#rookery = launch({ dir: this.#dir, env: this.#env, args: ['start', helloFile] })
    return this.#rookery
  }

  async kill(): Promise<void> {
    await this.#rookery?.stop('SIGKILL')
    this.log += this.#rookery?.log() ?? ''
  }

  async connect(who: string | number): Promise<PersonClient> {
    const person = await connectPerson(this.sandboxUrl, who)
    this.people.push(person)
    return person
  }

  /** Somebody new in the sandbox, who is not listened to. */
  addPerson(first_name: string): Promise<{ id: number }> {
    return callSandbox(this.sandboxUrl, 'POST', '/people', { first_name, language_code: 'en' })
  }

  /** An API key for all bots, made by chatting. */
  async makeApiKey(name: string): Promise<string> {
    const metabot = (this.people[0] ?? (await this.connect('Alice'))).chat('metabot')
    await metabot.sends('/start')
    await metabot.presses('API keys')
    await metabot.presses('New')
    await metabot.sees('What shall the key be called?')
    await metabot.sends(name)
    await metabot.presses('All bots')
    await metabot.presses('All endpoints')
    const { text = '' } = await metabot.sees('it is shown this once')
    await this.#liftCallLimit()
    return /rk_[\w-]+/.exec(text)?.[0] ?? ''
  }

  /** A key may be used 600 times a minute; no menu changes that yet. */
  async #liftCallLimit(): Promise<void> {
    const store = new MongoClient((await runningStoreUri(this.#dir)) ?? '')
    await store
      .db('rookery')
      .collection('apikeys')
      .updateMany({}, { $set: { callsPerMinute: 1_000_000 } })
    await store.close()
  }

  /** Somebody who is not listened to writes to the bot. */
  async sends(person: number, text: string): Promise<void> {
    await callSandbox(this.sandboxUrl, 'POST', `/people/${person}/chats/${this.bot.id}/messages`, { text })
  }

  /** Each message takes the messenger so long, so that a kill finds some under way. */
  async slowDown(delay_ms: number): Promise<void> {
    await callSandbox(this.sandboxUrl, 'PUT', `/faults/${this.bot.id}`, { delay_ms, methods: ['sendMessage'] })
  }

  /** Looks again and again until there is something to see. */
  async until<Seen>(look: () => Promise<Seen | undefined>, everyMs = 200): Promise<Seen> {
    const end = performance.now() + 60_000
    for (;;) {
      const seen = await look()
      if (seen !== undefined) return seen
      if (performance.now() > end) throw new Error(`Nothing came within a minute:\n${this.log}${this.#rookery?.log()}`)
      await pause(everyMs)
    }
  }

  /** All that the bot has ever said. */
  outbox(after = 0): Promise<OutboxLine[]> {
    return callSandbox(this.sandboxUrl, 'GET', `/bots/${this.bot.id}/outbox?after=${after}`)
  }

  async close(): Promise<void> {
    await Promise.all(this.people.map((person) => person.close()))
    await this.#rookery?.stop()
    await this.#sandbox.stop()
    await rm(this.#dir, { recursive: true })
  }
}
