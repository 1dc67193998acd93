/** Calls of a bot: method -> outcome -> number. An outcome is `ok`, an error code, `dropped` or `lost`. */
export type CallCounts = Record<string, Record<string, number>>

interface Counted {
  calls: CallCounts
  /** The second that is counted now, and what the one before it came to. */
  second: number
  inThis: number
  inLast: number
}

/** Counts since the process began. */
export class Counters {
  readonly #byBot = new Map<number, Counted>()

  count(bot: number, method: string, outcome: string): void {
    const counted = this.#byBot.get(bot) ?? { calls: {}, second: 0, inThis: 0, inLast: 0 }
    this.#byBot.set(bot, counted)
    const ofMethod = counted.calls[method] ?? {}
    counted.calls[method] = ofMethod
    ofMethod[outcome] = (ofMethod[outcome] ?? 0) + 1
    turnTo(counted, secondNow())
    counted.inThis++
  }

  of(bot: number): CallCounts {
    return this.#byBot.get(bot)?.calls ?? {}
  }

  /** How many calls the bot made in the last whole second. */
  rate(bot: number): number {
    const counted = this.#byBot.get(bot)
    if (!counted) return 0
    turnTo(counted, secondNow())
    return counted.inLast
  }
}

function turnTo(counted: Counted, second: number): void {
  if (counted.second === second) return
  counted.inLast = counted.second === second - 1 ? counted.inThis : 0
  counted.second = second
  counted.inThis = 0
}

function secondNow(): number {
  return Math.floor(performance.now() / 1000)
}
