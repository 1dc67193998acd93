import { cpus } from 'node:os'
import { measureAcknowledged } from './acknowledged.ts'
import { measureBroadcast, measureSandbox } from './broadcast.ts'
import { measureForm } from './form.ts'
import { measureLatency } from './latency.ts'
import { measureThroughput } from './sandbox-throughput.ts'
import { measureStart } from './start-time.ts'
import { type Line, table } from './table.ts'
import { addPeople, openWorld, residentMiB } from './world.ts'

const recipients = 5_000
const tell = (line: string) => process.stderr.write(`${line}\n`)

const lines: Line[] = []
tell('start …')
lines.push(...(await measureStart()))
tell('sandbox …')
lines.push(...(await measureThroughput()))
tell(`${recipients} people press Start …`)
const world = await openWorld()
try {
  const memory = [residentMiB(world.rookery())]
  await addPeople(world, recipients)
  tell('latency …')
  lines.push(...(await measureLatency(world)))
  tell('form …')
  lines.push(await measureForm(world))
  tell('broadcast …')
  lines.push(await measureBroadcast(world))
  lines.push(await measureSandbox(world))
  memory.push(residentMiB(world.rookery()))
  tell('calls acknowledged …')
  lines.push(...(await measureAcknowledged(world)))
  memory.push(residentMiB(world.rookery()))
  lines.push({
    what: 'memory of Rookery (RSS)',
    measured: `${memory.map((mib) => Math.round(mib)).join(' / ')} MiB`,
    note: 'after the start / the broadcast / all',
  })
} finally {
  await world.close()
}
const { model = 'unknown processor' } = cpus()[0] ?? {}
process.stdout.write(`${cpus().length} × ${model}, Node ${process.version}\n\n${table(lines)}\n`)
