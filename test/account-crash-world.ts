import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MongoClient } from 'mongodb'
import { expect } from 'vitest'
import { addBot, claim } from '../chat-test.ts'
import { runningStoreUri } from '../embedded-mongo/store-note.ts'
import { DirectoryProcess, token } from '../examples/directory/directory-process.ts'
import { addPerson, connectPerson, type PersonClient } from '../sandbox/person.ts'
import type { PersonChat } from '../sandbox/person-chat.ts'
import { caller, makeApiKey } from './by-chat.ts'
import { openOfCard } from './metabot-world.ts'
import { freePorts, type RookeryProcess, startProcess } from './rookery-process.ts'

const killAt = pathToFileURL(join(import.meta.dirname, 'chaos/kill-at.ts')).href
const patience = { timeout: 45_000, interval: 100 }
const username = 'helper_bot'

/**
 * Rookery as a process that dies and comes back at its address, and a directory of its own beside it, which lives on
 * and counts.
 */
export class AccountCrashWorld {
  readonly #dir: string
  readonly #ports: Record<string, string>
  readonly directory: DirectoryProcess
  #rookery!: RookeryProcess
  #apiKey = ''
  #connected: PersonClient[] = []

  private constructor(dir: string, ports: Record<string, string>, directory: DirectoryProcess) {
    this.#dir = dir
    this.#ports = ports
    this.directory = directory
  }

  static async open(): Promise<AccountCrashWorld> {
    const dir = await mkdtemp(join(tmpdir(), 'rookery-accounts-'))
    const world = new AccountCrashWorld(dir, await freePorts(), await DirectoryProcess.start())
    await world.start()
    await world.#setUp()
    return world
  }

  async #setUp(): Promise<void> {
    const admin = await this.#connect('Alice')
    await claim(admin, (await this.#rookery.claim()).code)
    await addBot(admin, { name: 'Helper', username, kind: 'Notifications' })
    const metabot = admin.chat('metabot')
    await openOfCard(metabot, /Helper/, /^Directory$/)
    await metabot.presses('Set up')
    await metabot.sees('Type the address of your system')
    await metabot.sends(this.directory.url)
    await metabot.sees('Type the token')
    await metabot.sends(token)
    await metabot.presses('Authorization: Bearer (usual)')
    await metabot.sees('The directory is set.')
    this.#apiKey = await makeApiKey(metabot)
  }

  /** `killed`: a point of test/chaos/kill-at.ts at which this life ends. */
  async start(killed?: string): Promise<void> {
    const fate = killed && { KILL_AT: killed, NODE_OPTIONS: `--import=${killAt}` }
    this.#rookery = await startProcess({ dir: this.#dir, env: { ...this.#ports, ...fate } })
  }

  /** Waits until this life has written down that it is through with all that people have sent. */
  async isThrough(): Promise<void> {
    const store = new MongoClient((await runningStoreUri(this.#dir)) ?? '')
    const stored = () => store.db('rookery').collection('updates').countDocuments({ state: 'stored' })
    await expect.poll(stored, patience).toBe(0)
    await store.close()
  }

  /** The next life, which ends at this point. */
  async startAgain(killed?: string): Promise<void> {
    await this.kill()
    await this.start(killed)
  }

  async kill(): Promise<void> {
    await this.#leave()
    await this.#rookery.kill()
  }

  /** Waits until this life has ended at its point, and begins the next. */
  async reborn(): Promise<void> {
    await expect.poll(() => this.#isAlive(), patience).toBe(false)
    await this.startAgain()
  }

  /** Somebody new, who stands in the directory with the phone of the messenger. */
  async known(name: string): Promise<{ id: number; userId: string }> {
    const client = await addPerson(this.#rookery.sandboxUrl, { first_name: name, language_code: 'en' })
    this.#connected.push(client)
    const { id, phone } = client.person
    const { body } = await this.directory.call('POST /user', { firstname: name, lastname: 'Known', phone })
    return { id, userId: String(body.userId) }
  }

  /** Somebody who linked the account by the own contact. */
  async linked(name: string): Promise<{ id: number; userId: string }> {
    const known = await this.known(name)
    const chat = await this.chat(known.id)
    await chat.sends('/link')
    await chat.presses('Share my phone number')
    await this.hears(known.id, `Welcome! You are connected as ${known.userId}`)
    return known
  }

  /** The chat of a person with the bot, in this life. */
  async chat(id: number): Promise<PersonChat> {
    return (await this.#connect(id)).chat(username)
  }

  /** What the bot has ever said to a person. */
  async said(id: number): Promise<string[]> {
    const messages = await (await this.chat(id)).messages()
    return messages.filter(({ outgoing }) => !outgoing).map(({ text = '' }) => text)
  }

  async hears(id: number, words: string): Promise<void> {
    await expect.poll(() => this.said(id), patience).toContainEqual(expect.stringContaining(words))
  }

  /** In how many messages the bot has said this to a person. */
  async times(id: number, words: string): Promise<number> {
    return (await this.said(id)).filter((text) => text.includes(words)).length
  }

  async sms(id: number): Promise<string[]> {
    return (await (await this.#connect(id)).sms()).map(({ text }) => text)
  }

  /** Calls an endpoint; undefined when the process died before it answered. */
  async call(alias: string, params: object): Promise<unknown> {
    return caller(this.#rookery, username, this.#apiKey)(alias, params).catch(() => undefined)
  }

  /** How often connect-bot and its like were carried out: once more when an answer was lost. */
  async counted(call: string): Promise<Record<string, number>> {
    return (await this.directory.call('GET /counters')).body[call] ?? {}
  }

  /** Sends a user who has paused these texts, and waits until they wait. */
  async holdsBack(userId: string, texts: string[]): Promise<void> {
    for (const text of texts) {
      const { notificationId } = (await this.call('notify', { userIds: [userId], text })) as { notificationId: string }
      const status = () => this.call('notifications/status', { notificationId })
      await expect.poll(status, patience).toMatchObject({ recipients: [{ waiting: 'pause' }] })
    }
  }

  async close(): Promise<void> {
    await this.kill()
    await this.directory.close()
    await rm(this.#dir, { recursive: true })
  }

  async #connect(who: number | string): Promise<PersonClient> {
    const known = this.#connected.find(({ person }) => person.id === who || person.first_name === who)
    if (known) return known
    const client = await connectPerson(this.#rookery.sandboxUrl, who)
    this.#connected.push(client)
    return client
  }

  async #leave(): Promise<void> {
    await Promise.all(this.#connected.splice(0).map((client) => client.close()))
  }

  async #isAlive(): Promise<boolean> {
    return fetch(`${this.#rookery.url}/healthz`).then(
      () => true,
      () => false,
    )
  }
}
