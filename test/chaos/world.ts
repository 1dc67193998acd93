import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { addBot, claim } from '../../chat-test.ts'
import { connectPerson, type PersonClient } from '../../sandbox/person.ts'
import { callSandbox } from '../../sandbox/sandbox-call.ts'
import { launch } from '../rookery-process.ts'
import { Rookery } from './rookery.ts'

const root = join(import.meta.dirname, '../..')

export type OutboxLine = { seq: number; chat_id: number; text: string }
export type ChaosBot = { username: string; id: number }

/** The sandbox, the store and several Rookeries on it, each a process of its own. */
export type ChaosWorld = {
  storeUri: string
  rookeries: readonly Rookery[]
  bots: readonly ChaosBot[]
  apiKey: string
  connect(who: string | number): Promise<PersonClient>
  /** Somebody new in the sandbox, who is not listened to. */
  addPerson(first_name: string): Promise<number>
  sends(person: number, bot: ChaosBot, text: string): Promise<void>
  /** What the messenger does wrong from now on, to every bot; nothing ends it. */
  fault(faults: object | undefined): Promise<void>
  /** All that the bots have ever said. */
  outbox(): Promise<OutboxLine[]>
  /** How many calls of the bots the messenger has carried out and not answered. */
  lost(): Promise<number>
  /** Looks again and again until there is something to see. */
  until<Seen>(look: () => Promise<Seen | undefined>, patienceMs?: number): Promise<Seen>
  log(): string
  close(): Promise<void>
}

/** A claimed Metabot with some bots of the kind hello, and an API key for all of them. */
export async function openWorld({
  rookeries: count,
  bots: botCount,
}: {
  rookeries: number
  bots: number
}): Promise<ChaosWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-chaos-'))
  const sandbox = launch({ dir, env: { SANDBOX_PORT: '0' }, file: 'sandbox/main.ts' })
  const [, sandboxUrl = ''] = await sandbox.says(/Sandbox: (\S+)/)
  const env = { SECRET_KEY: 'the processes of this chaos share it', SANDBOX_URL: sandboxUrl }
  const store = launch({ dir, env: { ...env, STORE_PORT: '0' }, file: 'store-server.ts' })
  const [, uri = ''] = await store.says(/MONGODB_URI=(\S+)/)
  const place = { dir, env: { ...env, MONGODB_URI: uri }, kind: join(root, 'examples/hello/hello.ts') }
  const people: PersonClient[] = []
  const connect = async (who: string | number) => {
    const person = await connectPerson(sandboxUrl, who)
    people.push(person)
    return person
  }
  const first = await Rookery.start(place)
  const admin = await connect('Alice')
  await claim(admin, (await first.says(/Claim code of Metabot: (\S+)/))[1] ?? '')
  const bots: ChaosBot[] = []
  for (let nth = 0; nth < botCount; nth++) {
    const username = `hello_${nth}_bot`
    const botToken = await addBot(admin, { name: `Hello ${nth}`, username, kind: 'Hello' })
    bots.push({ username, id: Number(botToken.split(':')[0]) })
  }
  const apiKey = await makeApiKey(admin)
  const others = Array.from({ length: count - 1 }, () => Rookery.start(place))
  const rookeries = [first, ...(await Promise.all(others))]
  const log = () => rookeries.map((rookery) => rookery.log()).join('\n')
  const outbox = async () => {
    const lines = await Promise.all(
      bots.map(({ id }) => callSandbox<OutboxLine[]>(sandboxUrl, 'GET', `/bots/${id}/outbox?after=0`)),
    )
    return lines.flat()
  }
  return {
    ...{ storeUri: uri, rookeries, bots, apiKey, connect, outbox },
    addPerson: async (first_name) =>
      (await callSandbox<{ id: number }>(sandboxUrl, 'POST', '/people', { first_name, language_code: 'en' })).id,
    sends: async (person, bot, text) => {
      await callSandbox(sandboxUrl, 'POST', `/people/${person}/chats/${bot.id}/messages`, { text })
    },
    fault: async (faults) => {
      if (faults) await callSandbox(sandboxUrl, 'PUT', '/faults/0', faults)
      else await callSandbox(sandboxUrl, 'DELETE', '/faults/0')
    },
    lost: async () => {
      const counters = await Promise.all(
        bots.map(({ id }) =>
          callSandbox<Record<string, Record<string, number>>>(sandboxUrl, 'GET', `/bots/${id}/counters`),
        ),
      )
      return counters.reduce((sum, { sendMessage }) => sum + (sendMessage?.lost ?? 0), 0)
    },
    async until(look, patienceMs = 60_000) {
      const end = performance.now() + patienceMs
      for (;;) {
        const seen = await look()
        if (seen !== undefined) return seen
        if (performance.now() > end) throw new Error(`Nothing came in ${patienceMs} ms:\n${log()}`)
        await pause(500)
      }
    },
    log,
    async close() {
      await Promise.all(people.map((person) => person.close()))
      await Promise.all(rookeries.map((rookery) => rookery.close()))
      await store.stop('SIGTERM')
      await sandbox.stop()
      await rm(dir, { recursive: true })
    },
  }
}

/** An API key for all bots, made by chatting. */
async function makeApiKey(admin: PersonClient): Promise<string> {
  const metabot = admin.chat('metabot')
  await metabot.sends('/start')
  await metabot.presses('API keys')
  await metabot.presses('New')
  await metabot.sees('What shall the key be called?')
  await metabot.sends('Chaos')
  await metabot.presses('All bots')
  await metabot.presses('All endpoints')
  return /rk_[\w-]+/.exec((await metabot.sees('it is shown this once')).text ?? '')?.[0] ?? ''
}
