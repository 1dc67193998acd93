import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Db, MongoClient } from 'mongodb'
import { addBot, claim } from '../chat-test.ts'
import { runningStoreUri } from '../embedded-mongo/store-note.ts'
import { connectPerson } from '../sandbox/person.ts'
import { callSandbox } from '../sandbox/sandbox-call.ts'
import { type LaunchedProcess, launch } from '../test/rookery-process.ts'
import { load, type Request } from './load.ts'

/** The sandbox, Rookery and this process, which measures: three processes. Rookery's bot is of the kind hello. */
export type BenchWorld = {
  sandboxUrl: string
  botId: number
  token: string
  /** The people of the sandbox who have started the bot; each is linked to the user of the same number. */
  people: number[]
  rookery(): LaunchedProcess
  /** Ends Rookery by SIGKILL and starts it again. */
  killAndRestart(): Promise<void>
  /** Switches Telegram's limits at the sandbox, and starts Rookery again, which keeps to them. */
  limit(to: 'on' | 'off'): Promise<void>
  notify(params: object): Request
  withStore<Result>(work: (db: Db) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export async function openWorld(): Promise<BenchWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'rookery-bench-'))
  const sandbox = launch({ dir, env: { SANDBOX_PORT: '0' }, file: 'sandbox/main.ts' })
  const [, sandboxUrl = ''] = await sandbox.says(/Sandbox: (\S+)/)
  const start = () => launch({ dir, env: { PORT: '0', ...profiling() }, args: [sandboxUrl], file: 'bench/server.ts' })
  let rookery = start()
  let [, url = ''] = await rookery.says(/Rookery: (\S+)/)
  const admin = await connectPerson(sandboxUrl, 'Alice')
  const [, code = ''] = await rookery.says(/Claim code of Metabot: (\S+)/)
  await claim(admin, code)
  const token = await addBot(admin, { name: 'Hello', username: 'hello_bot', kind: 'Hello' })
  const apiKey = await makeApiKey(admin)
  await admin.close()

  const withStore: BenchWorld['withStore'] = async (work) => {
    const client = new MongoClient((await runningStoreUri(dir)) ?? '')
    try {
      return await work(client.db('rookery'))
    } finally {
      await client.close()
    }
  }
  await withStore((db) => db.collection('apikeys').updateMany({}, { $set: { callsPerMinute: 1e9 } }))
  const restart = async (signal: NodeJS.Signals) => {
    await rookery.stop(signal)
    rookery = start()
    url = (await rookery.says(/Rookery: (\S+)/))[1] ?? ''
  }
  return {
    ...{ sandboxUrl, token, people: [], withStore },
    botId: Number(token.split(':')[0]),
    rookery: () => rookery,
    killAndRestart: () => restart('SIGKILL'),
    async limit(to) {
      await callSandbox(sandboxUrl, 'PUT', '/limits/0', { on: to === 'on' })
      await restart('SIGTERM')
    },
    notify: (params) => ({
      url: `${url}/api/v1/bots/hello_bot/call/notify`,
      headers: { authorization: `Bearer ${apiKey}` },
      body: () => JSON.stringify({ script_request_params: params }),
    }),
    async close() {
      await rookery.stop('SIGTERM')
      await sandbox.stop()
      await rm(dir, { recursive: true })
      process.stderr.write(rookery.log())
    },
  }
}

/** Adds people who start the bot, waits until it has met them, and links each to a user. */
export async function addPeople(world: BenchWorld, count: number): Promise<void> {
  const { sandboxUrl, botId, people } = world
  const body = () => JSON.stringify({ first_name: 'Somebody', language_code: 'en' })
  const added = await load((nth) => (nth < count ? { url: `${sandboxUrl}/api/people`, body } : undefined), {
    clients: 16,
  })
  for (const { text } of added.answers) people.push(JSON.parse(text).id)
  const starts = people.map((id) => ({ url: `${sandboxUrl}/api/people/${id}/chats/${botId}/start`, body: () => '{}' }))
  await load((nth) => starts[nth], { clients: 16 })
  await world.withStore(async (db) => {
    const bot = (await db.collection('bots').findOne({ botId: String(botId) }))?._id
    const persons = db.collection('people')
    while ((await persons.countDocuments({ bot })) < count) await pause(200)
    const links = people.map((id) => ({
      updateOne: { filter: { bot, personId: id }, update: { $set: { userId: String(id), linkedAt: new Date() } } },
    }))
    await persons.bulkWrite(links, { ordered: false })
  })
}

/** Memory that a process holds, in MiB. */
export function residentMiB({ pid }: LaunchedProcess): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
}

/** BENCH_PROFILE names a folder for a CPU profile of Rookery. */
function profiling(): Record<string, string> {
  const folder = process.env.BENCH_PROFILE
  return folder ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` } : {}
}

async function makeApiKey(admin: Awaited<ReturnType<typeof connectPerson>>): Promise<string> {
  const metabot = admin.chat('metabot')
  await metabot.sends('/start')
  await metabot.presses('API keys')
  await metabot.presses('New')
  await metabot.sees('What shall the key be called?')
  await metabot.sends('Bench')
  await metabot.presses('All bots')
  await metabot.presses('All endpoints')
  return /rk_[\w-]+/.exec((await metabot.sees('it is shown this once')).text ?? '')?.[0] ?? ''
}

/** Switches the bot in the store, as another process would, and waits until Rookery has noticed. */
export async function switchBot(world: BenchWorld, to: 'on' | 'off'): Promise<void> {
  await world.withStore((db) =>
    db.collection('bots').updateOne({ botId: String(world.botId) }, { $set: { switchedOff: to === 'off' } }),
  )
  await pause(2_500)
}
