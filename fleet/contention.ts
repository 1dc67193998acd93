/** Somebody else takes a bot's messages. It is borne for a while, then told, once until it is over. */
export class Contention {
  readonly #patienceMs: number
  #since: number | undefined
  #told = false

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  /** It was met again. Answers whether now is the time to tell. */
  met(): boolean {
    this.#since ??= performance.now()
    if (this.#told || performance.now() - this.#since < this.#patienceMs) return false
    this.#told = true
    return true
  }

  over(): void {
    this.#since = undefined
    this.#told = false
  }
}
