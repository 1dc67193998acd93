import { DirectoryFailure, type FailureKind } from './failure.ts'
import type { CallName } from './settings.ts'

/** `closed`: calls go through; `open`: none does until `until`; `half-open`: one is let through to see. */
export type BreakerStatus = {
  state: 'closed' | 'open' | 'half-open'
  /** Failures in a row. */
  failures: number
  last?: FailureKind
  until?: Date
}

/** Spares a directory that is down, and those who would wait for it: after so many failures in a row nothing is sent for a time. */
export class Breaker {
  readonly #most: number
  readonly #openMs: number
  #failures = 0
  #last: DirectoryFailure | undefined
  #until: number | undefined
  #onTrial = false

  constructor(most: number, openMs: number) {
    this.#most = most
    this.#openMs = openMs
  }

  get status(): BreakerStatus {
    return {
      state: this.#until === undefined ? 'closed' : Date.now() < this.#until ? 'open' : 'half-open',
      failures: this.#failures,
      ...(this.#last && { last: this.#last.kind }),
      ...(this.#until !== undefined && { until: new Date(this.#until) }),
    }
  }

  /** @throws DirectoryFailure of the last kind, not asked, while it is open */
  async run<T>(call: CallName, attempt: () => Promise<T>): Promise<T> {
    const { state } = this.status
    if (this.#last && (state === 'open' || (state === 'half-open' && this.#onTrial))) {
      throw new DirectoryFailure(this.#last.kind, call, this.#last.detail, false)
    }
    return this.watch(attempt, state === 'half-open')
  }

  /** Lets an attempt through whatever the state, and learns from it. */
  async watch<T>(attempt: () => Promise<T>, trial = true): Promise<T> {
    if (trial) this.#onTrial = true
    try {
      const result = await attempt()
      this.#answered()
      return result
    } catch (error) {
      if (error instanceof DirectoryFailure && error.down) this.#failed(error, trial)
      else if (error instanceof DirectoryFailure) this.#answered()
      throw error
    } finally {
      if (trial) this.#onTrial = false
    }
  }

  #answered(): void {
    this.#failures = 0
    this.#last = undefined
    this.#until = undefined
  }

  /** What began before it opened does not keep it open for longer. */
  #failed(failure: DirectoryFailure, trial: boolean): void {
    this.#failures++
    this.#last = failure
    if (this.#until === undefined ? this.#failures >= this.#most : trial) this.#until = Date.now() + this.#openMs
  }
}
