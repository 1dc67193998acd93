import { setTimeout as pause } from 'node:timers/promises'
import type { ChaosWorld } from './world.ts'

type Random = () => number
type Deed = (world: ChaosWorld, random: Random) => Promise<string>

const points = ['update stored', 'message sent', 'state written', 'delivery claimed', 'schedule fired']

const pick = <Item>(items: readonly Item[], random: Random): Item => items[Math.floor(random() * items.length)] as Item

/** Half of what happens is a death: at any moment, or at a named point of the work. */
const deeds: Deed[] = [
  async ({ rookeries }, random) => {
    await pick(rookeries, random).kill()
    return 'SIGKILL'
  },
  async ({ rookeries }, random) => {
    const point = pick(points, random)
    await pick(rookeries, random).killAt(point, Math.floor(random() * 3))
    return `SIGKILL, and again at "${point}"`
  },
]

const disturbances: ((freezeMs: number) => Deed)[] = [
  (freezeMs) =>
    async ({ rookeries }, random) => {
      // Nobody waits for it: other things go wrong meanwhile.
      pick(rookeries, random).freeze(freezeMs)
      return `SIGSTOP for ${freezeMs} ms`
    },
  () => faulty('5xx', { fail_share: 0.5 }),
  () => faulty('dropped calls', { drop_share: 0.5 }),
  () => faulty('calls applied and not answered', { lost_answer_share: 0.3 }),
  () => faulty('a storm of 429', { retry_after: 1, limit_share: 0.5 }),
]

function faulty(name: string, faults: object): Deed {
  return async (world, random) => {
    await world.fault({ ...faults, methods: ['sendMessage', 'getUpdates'], seed: Math.floor(random() * 1e9) })
    await pause(1_000)
    await world.fault(undefined)
    return name
  }
}

export type Mischief = { deaths: number; everyMs: number; freezeMs: number; random: Random; tell(line: string): void }

/** Does something bad every so often, until processes have died so many times. */
export async function mischief(
  world: ChaosWorld,
  { deaths, everyMs, freezeMs, random, tell }: Mischief,
): Promise<Map<string, number>> {
  const done = new Map<string, number>()
  const died = () => world.rookeries.reduce((sum, rookery) => sum + rookery.deaths, 0)
  while (died() < deaths) {
    const deed = random() < 0.5 ? pick(deeds, random) : pick(disturbances, random)(freezeMs)
    const name = await deed(world, random)
    done.set(name, (done.get(name) ?? 0) + 1)
    tell(`${died()} deaths: ${name}`)
    await pause(everyMs)
  }
  return done
}
