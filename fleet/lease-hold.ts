import type { Types } from 'mongoose'
import { Lease } from '../models/lease.ts'

/** How long a lease lasts, and how long before its end a holder stops sending, in milliseconds. */
export const leaseTimes = { lastsMs: 12_000, marginMs: 3_000, renewEveryMs: 3_000 }
export type LeaseTimes = typeof leaseTimes

/**
 * A lease that this process holds. Epochs fence writes; what is sent to a messenger only this clock fences: a holder that could not renew
 * (paused, cut off) stops sending before another may start. The time is monotonic, counted from before the request.
 */
export class LeaseHold {
  readonly epoch: number
  readonly #bot: Types.ObjectId
  readonly #times: LeaseTimes
  #since: number
  #sinceByWall = Date.now()
  readonly #loss = new AbortController()

  private constructor(bot: Types.ObjectId, epoch: number, times: LeaseTimes, since: number) {
    this.#bot = bot
    this.epoch = epoch
    this.#times = times
    this.#since = since
  }

  /** Takes a bot's lease, or answers undefined while another process holds it. */
  static async take(
    bot: Types.ObjectId,
    owner: string,
    times: LeaseTimes,
    seize: boolean,
  ): Promise<LeaseHold | undefined> {
    const since = performance.now()
    const epoch = await Lease.take(bot, owner, times.lastsMs, seize)
    return epoch === undefined ? undefined : new LeaseHold(bot, epoch, times, since)
  }

  /** Aborts when the lease is this process's no more: another has it, or it was given back. */
  get lost(): AbortSignal {
    return this.#loss.signal
  }

  /** Whether nobody else can be running this bot now. */
  isSure(): boolean {
    // The monotonic clock stands still while a machine sleeps; the wall's shows that it did.
    const age = Math.max(performance.now() - this.#since, Date.now() - this.#sinceByWall)
    return !this.lost.aborted && age < this.#times.lastsMs - this.#times.marginMs
  }

  /** Prolongs the lease; answers false when another process has it. */
  async renew(): Promise<boolean> {
    const [since, sinceByWall] = [performance.now(), Date.now()]
    if (await Lease.renew(this.#bot, this.epoch, this.#times.lastsMs)) {
      this.#since = since
      this.#sinceByWall = sinceByWall
    } else this.#loss.abort(new Error('The lease of the bot was lost to another process'))
    return !this.lost.aborted
  }

  async release(): Promise<void> {
    this.#loss.abort(new Error('The lease of the bot was given back'))
    await Lease.release(this.#bot, this.epoch)
  }
}
