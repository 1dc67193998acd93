import { hear } from './events.ts'
import { load } from './load.ts'
import { percentile } from './stats.ts'
import type { Line } from './table.ts'
import type { BenchWorld } from './world.ts'

const schedules = 1_000
const withinMs = 60_000
/** So that all are ordered before the first falls due. */
const leadMs = 20_000

/** So many notifications at dates spread over a minute, one a person: from each date to its message at the sandbox. */
export async function measureLateness(world: BenchWorld): Promise<Line> {
  const due = new Map<string, number>()
  const lateMs: number[] = []
  const { promise: allCame, resolve } = Promise.withResolvers<void>()
  const ears = await hear(world.sandboxUrl, ({ message }) => {
    const at = due.get(message.text ?? '')
    if (at === undefined) return
    lateMs.push(Date.now() - at)
    if (lateMs.length === schedules) resolve()
  })
  const from = Date.now() + leadMs
  const orders = Array.from({ length: schedules }, (_, nth) => {
    const at = from + (withinMs * nth) / schedules
    const text = `Due at ${at}`
    due.set(text, at)
    return world.notify({ userIds: [world.people[nth]], text, at: new Date(at).toISOString() })
  })
  const { answers } = await load((nth) => orders[nth], { clients: 16 })
  const refused = answers.find(({ text }) => !JSON.parse(text).success)
  if (refused) throw new Error(`A schedule was refused: ${refused.text}`)
  const timer = setTimeout(resolve, leadMs + 2 * withinMs)
  await allCame
  clearTimeout(timer)
  await ears.close()
  return {
    what: `lateness of ${schedules} schedules due in one minute`,
    measured: `p50 ${Math.round(percentile(lateMs, 50))} ms, p99 ${Math.round(percentile(lateMs, 99))} ms, longest ${Math.max(...lateMs)} ms`,
    note: `${lateMs.length} of ${schedules} came; aim 2000 ms`,
  }
}
