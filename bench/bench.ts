import { cpus } from 'node:os'
import { measureAcknowledged } from './acknowledged.ts'
import { measureBroadcast, measureSandbox } from './broadcast.ts'
import { measureFindUser } from './find-user.ts'
import { measureLatency } from './latency.ts'
import { measureLateness } from './lateness.ts'
import { measureLinking } from './linking.ts'
import { measureReplies } from './replies.ts'
import { measureThroughput } from './sandbox-throughput.ts'
import { measureStart } from './start-time.ts'
import { measureManySteps, measureSteps } from './steps/steps.ts'
import { measureStore } from './store/store.ts'
import { type Line, table } from './table.ts'
import { addPeople, type BenchWorld, openWorld, residentMiB } from './world.ts'

const recipients = 5_000
const manySteps = Number(process.env.BENCH_STEPS ?? 100_000)

type Section = (world: () => Promise<BenchWorld>) => Promise<Line[]>

/** What can be measured by itself: npm run bench -- steps lateness. */
const sections: Record<string, Section> = {
  start: () => measureStart(),
  store: () => measureStore(),
  sandbox: () => measureThroughput(),
  steps: async () => [...(await measureSteps('polling')), ...(await measureSteps('webhook'))],
  memory: () => measureManySteps(manySteps),
  'find-user': () => measureFindUser(),
  linking: () => measureLinking(),
  latency: async (world) => measureLatency(await world()),
  broadcast: async (world) => [await measureBroadcast(await world()), await measureSandbox(await world())],
  lateness: async (world) => [await measureLateness(await world())],
  acknowledged: async (world) => measureAcknowledged(await world()),
  replies: async (world) => measureReplies(await world()),
}

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !(name in sections))
if (unknown) throw new Error(`Nothing is measured under "${unknown}"; known: ${Object.keys(sections).join(', ')}`)

let opened: BenchWorld | undefined
async function world(): Promise<BenchWorld> {
  if (opened) return opened
  opened = await openWorld()
  await addPeople(opened, recipients)
  return opened
}

const lines: Line[] = []
try {
  for (const [name, measure] of Object.entries(sections)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    process.stderr.write(`${name} …\n`)
    lines.push(...(await measure(world)))
  }
  if (opened) {
    const measured = `${Math.round(residentMiB(opened.rookery()))} MiB`
    lines.push({ what: 'memory of Rookery (RSS) after all of it', measured, note: '' })
  }
} finally {
  await opened?.close()
}
const { model = 'unknown processor' } = cpus()[0] ?? {}
process.stdout.write(`${cpus().length} × ${model}, Node ${process.version}\n\n${table(lines)}\n`)
