import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { callSandbox } from '../sandbox/sandbox-call.ts'
import { type LaunchedProcess, launch } from '../test/rookery-process.ts'
import { cpuSeconds } from './cpu.ts'
import { load } from './load.ts'
import { PlainConnection } from './plain-connection.ts'
import { percentile } from './stats.ts'
import { type Line, table } from './table.ts'

/** Each bot sends 25 a second, and a chat of it gets one in 1.2 seconds: within Telegram's limits, which are on. */
const bots = 200
const peopleOfBot = 30
const perSecond = 5_000
const seconds = 10
const connections = 64

type Bot = { id: number; token: string }

/** The sandbox in a process of its own, as many bots send to it all at once; then it is killed, and what it has kept is counted. */
export async function measureThroughput(): Promise<Line[]> {
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-bench-'))
  const start = () => launch({ dir, env: { SANDBOX_PORT: '0', ...profiling() }, file: 'sandbox/main.ts' })
  let sandbox = start()
  try {
    const url = await addressOf(sandbox)
    const { all, people } = await populate(url)
    await callSandbox(url, 'PUT', '/limits/0', { on: true })
    const before = await cpuSeconds(sandbox)
    const sent = await sendEvenly(url, all, people)
    const micros = ((await cpuSeconds(sandbox)) - before) * 1e6
    const { refused } = await callSandbox<{ refused: Record<string, number> }>(url, 'GET', '/limits/0')
    await sandbox.stop(process.env.BENCH_PROFILE ? 'SIGTERM' : 'SIGKILL')
    sandbox = start()
    const kept = await countKept(await addressOf(sandbox), all)
    return [
      {
        what: `sendMessage of the sandbox, ${bots} bots in ${bots * peopleOfBot} chats, limits on`,
        measured: `${Math.round(sent.ok / sent.seconds)}/s, ${Math.round(micros / sent.ok)} µs of CPU each`,
        note: `asked for ${perSecond}/s for ${seconds} s; p50 ${sent.p50} ms, p99 ${sent.p99} ms; ${Object.values(refused).reduce((sum, count) => sum + count, 0)} refused`,
      },
      {
        what: 'of them found after a SIGKILL and a restart',
        measured: `${kept} of ${sent.ok}`,
        note: 'counted by the outbox of each bot',
      },
    ]
  } finally {
    await sandbox.stop('SIGTERM')
    await rm(dir, { recursive: true })
  }
}

async function populate(url: string): Promise<{ all: Bot[]; people: number[] }> {
  const json = async (path: (nth: number) => string, body: (nth: number) => object, count: number) => {
    const ask = (nth: number) =>
      nth < count ? { url: `${url}/api${path(nth)}`, body: () => JSON.stringify(body(nth)) } : undefined
    return (await load(ask, { clients: 16 })).answers.map(({ text }) => JSON.parse(text))
  }
  const all: Bot[] = await json(
    () => '/bots',
    (nth) => ({ name: `Bot ${nth}`, username: `number_${nth}_bot` }),
    bots,
  )
  const added: { id: number }[] = await json(
    () => '/people',
    () => ({ first_name: 'Somebody' }),
    peopleOfBot,
  )
  const people = added.map(({ id }) => id)
  const chat = (nth: number) => `/people/${people[Math.floor(nth / bots)]}/chats/${all[nth % bots]?.id}/start`
  await json(chat, () => ({}), bots * peopleOfBot)
  return { all, people }
}

/** One message after the other at an even pace, each to the next bot and, once all bots had their turn, to the next of its chats. */
async function sendEvenly(url: string, all: Bot[], people: number[]) {
  const took: number[] = []
  const total = perSecond * seconds
  let next = 0
  let ok = 0
  const clients = await Promise.all(Array.from({ length: connections }, () => PlainConnection.to(url)))
  const from = performance.now()
  const send = async (client: PlainConnection) => {
    for (let nth = next++; nth < total; nth = next++) {
      const due = from + (nth * 1000) / perSecond
      const early = due - performance.now()
      if (early > 0) await pause(early)
      const chat_id = people[Math.floor(nth / bots) % peopleOfBot]
      const body = JSON.stringify({ chat_id, text: `Message ${nth}` })
      if ((await client.post(`/bot${all[nth % bots]?.token}/sendMessage`, body)) === 200) ok++
      took.push(performance.now() - due)
    }
    client.close()
  }
  await Promise.all(clients.map(send))
  const spent = (performance.now() - from) / 1000
  return { ok, seconds: spent, p50: Math.round(percentile(took, 50)), p99: Math.round(percentile(took, 99)) }
}

async function countKept(url: string, all: Bot[]): Promise<number> {
  const texts = new Set<string>()
  for (const { id } of all) {
    const sent = await callSandbox<{ text: string }[]>(url, 'GET', `/bots/${id}/outbox`)
    for (const { text } of sent) texts.add(text)
  }
  return texts.size
}

async function addressOf(sandbox: LaunchedProcess): Promise<string> {
  return (await sandbox.says(/Sandbox: (\S+)/))[1] ?? ''
}

/** BENCH_PROFILE names a folder for a CPU profile of the sandbox. */
function profiling(): Record<string, string> {
  const folder = process.env.BENCH_PROFILE
  return folder ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` } : {}
}

if (import.meta.main) process.stdout.write(`${table(await measureThroughput())}\n`)
