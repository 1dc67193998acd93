/** Calls of bots since the start: call -> outcome -> number. An outcome is `ok`, an error's status, or the fault it met. */
export class Counters {
  readonly #counts: Record<string, Record<string, number>> = {}

  count(call: string, outcome: string): void {
    const ofCall = this.#counts[call] ?? {}
    this.#counts[call] = ofCall
    ofCall[outcome] = (ofCall[outcome] ?? 0) + 1
  }

  all(): Record<string, Record<string, number>> {
    return this.#counts
  }
}
