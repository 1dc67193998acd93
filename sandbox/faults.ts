import { z } from 'zod'

const share = z.number().min(0).max(1)

/** The faults that a bot's calls are to meet; what is left out does not happen. */
export const faultSchema = z.strictObject({
  delay_ms: z.number().int().min(0).max(600_000).optional(),
  fail_share: share.optional(),
  drop_share: share.optional(),
  lost_answer_share: share.optional(),
  retry_after: z.number().int().min(1).max(86_400).optional(),
  limit_share: share.optional(),
  times: z.number().int().min(1).optional(),
  methods: z.array(z.string()).min(1).optional(),
  seed: z.number().int().optional(),
})

export type Fault = z.infer<typeof faultSchema>

/** What happens to one call. */
export interface Mishap {
  delay: number
  outcome: 'applied' | 'dropped' | 'failed' | 'limited' | 'lost'
  retryAfter: number
}

interface Armed {
  fault: Fault
  random: () => number
}

const everyBot = 0

/** Told by the API, forgotten at a restart. A bot's own fault goes before the one for every bot. */
export class Faults {
  readonly #armed = new Map<number, Armed>()

  get(bot: number): Fault {
    return this.#armed.get(bot)?.fault ?? {}
  }

  set(bot: number, fault: Fault): void {
    const seed = fault.seed ?? Math.floor(Math.random() * 2 ** 32)
    this.#armed.set(bot, { fault: { ...fault, seed }, random: randomFrom(seed) })
  }

  clear(bot: number): void {
    this.#armed.delete(bot)
  }

  /** Takes one call of the fault's `times`. */
  meet(bot: number, method: string): Mishap | undefined {
    if (this.#armed.size === 0) return undefined
    for (const key of [bot, everyBot]) {
      const armed = this.#armed.get(key)
      if (!armed || !concerns(armed.fault, method)) continue
      const { times } = armed.fault
      if (times === 1) this.#armed.delete(key)
      else if (times !== undefined) armed.fault = { ...armed.fault, times: times - 1 }
      return happen(armed)
    }
    return undefined
  }
}

function concerns({ methods }: Fault, method: string): boolean {
  return !methods || methods.some((name) => name.toLowerCase() === method.toLowerCase())
}

/** One draw a share, always in this order, so that a seed repeats a run. */
function happen({ fault, random }: Armed): Mishap {
  const drop = random() < (fault.drop_share ?? 0)
  const fail = random() < (fault.fail_share ?? 0)
  const lose = random() < (fault.lost_answer_share ?? 0)
  const limit = random() < (fault.limit_share ?? 1) && fault.retry_after !== undefined
  const outcome = drop ? 'dropped' : limit ? 'limited' : fail ? 'failed' : lose ? 'lost' : 'applied'
  return { delay: fault.delay_ms ?? 0, outcome, retryAfter: fault.retry_after ?? 0 }
}

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
