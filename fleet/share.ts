import { Lease } from '../models/lease.ts'
import { Process } from '../models/process.ts'

export const shareTimes = {
  /** For how long a process counts as living after each look. */
  livesMs: 6_000,
  /** How long a bot that nobody runs waits for those with room before others take it. */
  unclaimedMs: 3_000,
  /** How long it then stays with whoever took it, before it is offered to others again. */
  leftoverMs: 60_000,
}
export type ShareTimes = typeof shareTimes

/** What a process should do about bots: take these, hand those over to others. */
export type Division = { take: string[]; handOver: string[] }

/**
 * This process's share of the bots: as many as fall to each living one, rounded up. It takes no more while another might, and hands
 * over what is too much when another joins.
 */
export class Share {
  readonly #process: string
  readonly #servers: string[]
  readonly #times: ShareTimes
  /** Since when (monotonic) nobody runs a bot. */
  readonly #unclaimed = new Map<string, number>()
  /** Since when (monotonic) this process runs bots beyond its share that nobody else took: handed over they would likely come back. */
  readonly #leftovers = new Map<string, number>()
  #living = 1

  constructor(process: string, servers: string[], times: ShareTimes) {
    this.#process = process
    this.#servers = servers
    this.#times = times
  }

  /** Shows that this process lives, and divides the bots anew. `bots` are all that it could run, `mine` those that it runs. */
  async divide(bots: string[], mine: ReadonlySet<string>): Promise<Division> {
    await Process.live(this.#process, this.#servers, this.#times.livesMs)
    const others = bots.filter((id) => !mine.has(id))
    const [living, held] = await Promise.all([
      Process.living(this.#servers),
      others.length > 0 ? Lease.held(others) : new Set<string>(),
    ])
    if (living.length > this.#living) this.#leftovers.clear()
    this.#living = living.length
    const free = others.filter((id) => !held.has(id))
    const share = Math.ceil(bots.length / Math.max(1, living.length))
    return { take: this.#take(free, share - mine.size, living), handOver: this.#handOver(mine, share) }
  }

  async leave(): Promise<void> {
    await Process.leave(this.#process)
  }

  #take(free: string[], room: number, living: string[]): string[] {
    for (const id of this.#unclaimed.keys()) if (!free.includes(id)) this.#unclaimed.delete(id)
    const now = performance.now()
    for (const id of free) if (!this.#unclaimed.has(id)) this.#unclaimed.set(id, now)
    const inTurn = rotated(free, living.indexOf(this.#process) / living.length)
    const [within, beyond] = [inTurn.slice(0, Math.max(0, room)), inTurn.slice(Math.max(0, room))]
    const left = beyond.filter((id) => now - (this.#unclaimed.get(id) ?? now) >= this.#times.unclaimedMs)
    for (const id of left) this.#leftovers.set(id, now)
    return [...within, ...left]
  }

  #handOver(mine: ReadonlySet<string>, share: number): string[] {
    const long = performance.now() - this.#times.leftoverMs
    for (const [id, since] of this.#leftovers)
      if (since < long || (!mine.has(id) && !this.#unclaimed.has(id))) this.#leftovers.delete(id)
    const regular = [...mine].filter((id) => !this.#leftovers.has(id))
    return regular.slice(share)
  }
}

/** Each process begins at a place of its own: those that start together do not all reach for the same bots. */
function rotated<T>(list: T[], turn: number): T[] {
  const start = Math.floor(Math.max(0, turn) * list.length)
  return [...list.slice(start), ...list.slice(0, start)]
}
