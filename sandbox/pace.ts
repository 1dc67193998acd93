/** How fast something may happen; times in milliseconds. */
export interface Pace {
  /** How long until it may happen again, 0 if now. */
  wait(now: number): number
  /** It happens. */
  spend(now: number): void
}

/** So many a second on average, `burst` at once at most. The state is one number: until when all that happened was paid for. */
export class Steady implements Pace {
  readonly #each: number
  readonly #credit: number
  #paidUntil = 0

  constructor(perSecond: number, burst: number) {
    this.#each = 1000 / perSecond
    this.#credit = (burst - 1) * this.#each
  }

  wait(now: number): number {
    return Math.max(0, this.#paidUntil - this.#credit - now)
  }

  spend(now: number): void {
    this.#paidUntil = Math.max(this.#paidUntil, now) + this.#each
  }

  /** Whether it is as if nothing ever happened. */
  rested(now: number): boolean {
    return this.#paidUntil <= now
  }
}

/** So many in any stretch of a minute. */
export class PerMinute implements Pace {
  readonly #most: number
  #times: number[] = []

  constructor(most: number) {
    this.#most = most
  }

  wait(now: number): number {
    this.#times = this.#times.filter((time) => time > now - 60_000)
    const [oldest = 0] = this.#times
    return this.#times.length < this.#most ? 0 : oldest + 60_000 - now
  }

  spend(now: number): void {
    this.#times.push(now)
  }
}
