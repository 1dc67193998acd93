/** How fast something may happen. Times are the clock's milliseconds. */
export interface Pace {
  /** How long until the next one may happen; 0 is now. */
  wait(now: number): number
  spend(now: number): void
  /** Whether nothing is left of what happened: it may be forgotten. */
  idle(now: number): boolean
}

/** So many at once, then so many a second. */
export class Burst implements Pace {
  readonly #size: number
  readonly #perMs: number
  #left: number
  #at = 0

  constructor(size: number, perSecond: number) {
    this.#size = Math.max(1, size)
    this.#perMs = perSecond / 1000
    this.#left = this.#size
  }

  wait(now: number): number {
    return Math.max(0, (1 - this.#filled(now)) / this.#perMs)
  }

  spend(now: number): void {
    this.#left = this.#filled(now) - 1
    this.#at = now
  }

  idle(now: number): boolean {
    return this.#filled(now) >= this.#size
  }

  #filled(now: number): number {
    return Math.min(this.#size, this.#left + (now - this.#at) * this.#perMs)
  }
}

/** Never more than `most` within any `span`. */
export class SlidingWindow implements Pace {
  readonly #most: number
  readonly #span: number
  readonly #times: number[] = []
  #next = 0

  constructor(most: number, span: number) {
    this.#most = Math.max(1, Math.floor(most))
    this.#span = span
  }

  wait(now: number): number {
    if (this.#times.length < this.#most) return 0
    return Math.max(0, (this.#times[this.#next] ?? 0) + this.#span - now)
  }

  spend(now: number): void {
    this.#times[this.#next] = now
    this.#next = (this.#next + 1) % this.#most
  }

  idle(now: number): boolean {
    const last = this.#times[(this.#next + this.#most - 1) % this.#most]
    return last === undefined || now - last >= this.#span
  }
}

export const unlimited: Pace = { wait: () => 0, spend: () => {}, idle: () => true }
