import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { hear } from './events.ts'
import { send } from './load.ts'
import { percentile } from './stats.ts'
import type { Line } from './table.ts'
import type { BenchWorld } from './world.ts'

const calls = 300
const warmUp = 30
const pauseMs = 20

/** One call after the other with pauses, from before the request to the message's event at the sandbox; and to the call's answer. */
export async function measureLatency(world: BenchWorld): Promise<Line[]> {
  const waiting = new Map<string, () => void>()
  const ears = await hear(world.sandboxUrl, ({ message }) => waiting.get(message.text ?? '')?.())
  const agent = new Agent({ keepAlive: true })
  const arrived: number[] = []
  const answered: number[] = []
  for (let nth = 0; nth < warmUp + calls; nth++) {
    const text = `Latency ${nth}`
    const { promise: arrival, resolve } = Promise.withResolvers<void>()
    waiting.set(text, resolve)
    const userIds = [world.people[nth % world.people.length]]
    const from = performance.now()
    const answer = send(world.notify({ userIds, text }), agent).then(() => performance.now() - from)
    await arrival
    const took = performance.now() - from
    answered.push(await answer)
    arrived.push(took)
    waiting.delete(text)
    await pause(pauseMs)
  }
  agent.destroy()
  await ears.close()
  return [
    line('hook call to the message at the sandbox, idle', arrived.slice(warmUp), 'aim 15 / 60 ms'),
    line('hook call to its answer, idle', answered.slice(warmUp), `${calls} calls, one by one`),
  ]
}

function line(what: string, times: number[], note: string): Line {
  const [p50, p99] = [50, 99].map((percent) => percentile(times, percent).toFixed(1))
  return { what, measured: `p50 ${p50} ms, p99 ${p99} ms`, note }
}
