/** Calls of a bot: method -> outcome -> number. An outcome is `ok`, an error code, `dropped` or `lost`. */
export type CallCounts = Record<string, Record<string, number>>

/** Counts since the process began. */
export class Counters {
  readonly #byBot = new Map<number, CallCounts>()

  count(bot: number, method: string, outcome: string): void {
    const counts = this.of(bot)
    const ofMethod = counts[method] ?? {}
    ofMethod[outcome] = (ofMethod[outcome] ?? 0) + 1
    counts[method] = ofMethod
    this.#byBot.set(bot, counts)
  }

  of(bot: number): CallCounts {
    return this.#byBot.get(bot) ?? {}
  }
}
