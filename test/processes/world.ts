import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { removeTestData, settingsForTests } from '../../chat-test.ts'
import type { Settings } from '../../config/settings.ts'
import type { FleetTimes } from '../../fleet/fleet.ts'
import { ApiKey } from '../../models/api-key.ts'
import { Bot, type BotRecord } from '../../models/bot.ts'
import { Lease, type LeaseRecord } from '../../models/lease.ts'
import { storeTime } from '../../models/store-clock.ts'
import { callSandbox } from '../../sandbox/sandbox-call.ts'
import { openStore, type Store } from '../../store.ts'
import { type LaunchedProcess, launch } from '../rookery-process.ts'

const preload = join(import.meta.dirname, 'shifted-clock.ts')
const secret = 'a secret that the processes of one run share'

export type WorldTimes = Partial<FleetTimes>
export type Member = LaunchedProcess & { url: string }

/** One store, one sandbox and any number of Rookeries on them, each a process of its own; the test looks into the store itself. */
export class ProcessesWorld {
  readonly members: Member[] = []
  readonly sandboxUrl: string
  readonly bots: BotRecord[] = []
  apiKey = ''
  readonly closing: (() => Promise<unknown>)[] = []
  readonly #settings: Settings
  readonly #times: WorldTimes
  readonly #store: Store
  readonly #servers: LaunchedProcess[]

  private constructor(
    { settings, store, servers }: { settings: Settings; store: Store; servers: LaunchedProcess[] },
    sandboxUrl: string,
    times: WorldTimes,
  ) {
    this.#settings = settings
    this.#store = store
    this.#servers = servers
    this.sandboxUrl = sandboxUrl
    this.#times = times
  }

  /** With so many bots that count what they are told. */
  static async open(bots: number, times: WorldTimes): Promise<ProcessesWorld> {
    const dir = await mkdtemp(join(tmpdir(), 'rookery-processes-'))
    const sandbox = launch({ dir, env: { SANDBOX_PORT: '0' }, file: 'sandbox/main.ts' })
    const servers = [sandbox]
    const settings = settingsForTests(dir)
    if (!settings.mongodbUri) {
      const store = launch({ dir, env: { STORE_PORT: '0' }, file: 'store-server.ts' })
      servers.push(store)
      const [, uri] = await store.says(/^MONGODB_URI=(\S+)/m)
      Object.assign(settings, { mongodbUri: uri, secretKey: secret })
    }
    const [, url = ''] = await sandbox.says(/Sandbox: (\S+)/)
    const world = new ProcessesWorld({ settings, store: await openStore(settings), servers }, url, times)
    for (let number = 1; number <= bots; number++) await world.#addBot(number)
    world.apiKey = (await ApiKey.make({ server: 'sandbox', name: 'Caller', bots: null, madeBy: 0 })).secret
    await ApiKey.updateMany({}, { $set: { callsPerMinute: 1_000_000 } })
    return world
  }

  async #addBot(number: number): Promise<void> {
    const [name, username] = [`Tally ${number}`, `tally_${number}_bot`]
    const { token } = await callSandbox<{ token: string }>(this.sandboxUrl, 'POST', '/bots', { name, username })
    const botId = token.split(':')[0] ?? ''
    const identity = { botId, username, name, description: 'It counts' }
    this.bots.push(await Bot.add({ server: 'sandbox', kind: 'tally', locale: 'en', ...identity }, token))
  }

  /** Starts a Rookery, whose clock may be wrong, and waits until it runs. */
  async start({ clockShiftMs = 0 } = {}): Promise<Member> {
    const { mongodbUri = '', secretKey = '', dataDir } = this.#settings
    const env = {
      ...{ MONGODB_URI: mongodbUri, SECRET_KEY: secretKey, SANDBOX_URL: this.sandboxUrl, PORT: '0' },
      ...(clockShiftMs && { NODE_OPTIONS: `--import=${preload}`, CLOCK_SHIFT_MS: `${clockShiftMs}` }),
    }
    const run = launch({ dir: dataDir, env, file: 'test/processes/rookery.ts', args: [JSON.stringify(this.#times)] })
    const [, url = ''] = await run.says(/^Rookery: (\S+)/m)
    const member = { ...run, url }
    this.members.push(member)
    return member
  }

  /** Ends a Rookery, and answers its exit code. */
  async end(member: Member, signal: NodeJS.Signals): Promise<number | null> {
    this.members.splice(this.members.indexOf(member), 1)
    return member.stop(signal)
  }

  /** How many bots each member holds now, the most first. */
  async shares(): Promise<number[]> {
    const held = await this.#held()
    return this.members.map((member) => held.filter(isOf(member)).length).sort((a, b) => b - a)
  }

  async heldBy(member: Member): Promise<string[]> {
    return (await this.#held()).filter(isOf(member)).map(({ _id }) => String(_id))
  }

  #held(): Promise<LeaseRecord[]> {
    return Lease.find({ until: { $gt: storeTime() } }).lean<LeaseRecord[]>()
  }

  /** Waits until it is so. @throws with how it is instead, and what the processes have logged */
  async until<Seen>(look: () => Promise<Seen>, isRight: (seen: Seen) => boolean, patienceMs = 45_000): Promise<void> {
    const end = performance.now() + patienceMs
    for (let seen = await look(); !isRight(seen); seen = await look()) {
      if (performance.now() > end) throw new Error(`It stayed at ${JSON.stringify(seen)}\n${this.#logs()}`)
      await pause(100)
    }
  }

  #logs(): string {
    return this.members.map((member) => `--- ${member.pid}\n${member.log().slice(-3_000)}`).join('\n')
  }

  async close(): Promise<void> {
    await Promise.all(this.closing.map((close) => close()))
    await Promise.all(this.members.map((member) => member.stop('SIGKILL')))
    await removeTestData(this.#settings)
    await this.#store.close()
    await Promise.all(this.#servers.map((server) => server.stop()))
    await rm(this.#settings.dataDir, { recursive: true, force: true })
  }
}

const isOf =
  ({ pid }: Member) =>
  ({ owner }: LeaseRecord) =>
    owner.includes(`:${pid}:`)
