import { randomInt } from 'node:crypto'
import type { CallbackAnswer, Events } from './events.ts'

/** Who pressed, whose button, and in which chat of the person. */
export interface Press {
  bot: number
  person: number
  peer: number
}

interface Query extends Press {
  pressedAt: number
  answered: PromiseWithResolvers<CallbackAnswer | null>
}

/** Telegram refuses an answer some time after the press; it does not say when. */
const lifetime = 60_000

/** The presses of inline buttons that a bot may still answer; they do not outlive the process. */
export class CallbackQueries {
  readonly #byId = new Map<string, Query>()
  readonly #events: Events

  constructor(events: Events) {
    this.#events = events
  }

  add(press: Press): string {
    this.#forgetOld()
    const id = `${randomInt(1, 2 ** 31)}${String(randomInt(2 ** 31)).padStart(10, '0')}`
    this.#byId.set(id, { ...press, pressedAt: Date.now(), answered: Promise.withResolvers() })
    return id
  }

  /** False if there is no such query of this bot, or it is too old. */
  answer(bot: number, id: string, answer: CallbackAnswer): boolean {
    this.#forgetOld()
    const query = this.#byId.get(id)
    if (query?.bot !== bot) return false
    query.answered.resolve(answer)
    const { person, peer } = query
    this.#events.publish({ event: 'callback_answer', person, peer, query_id: id, ...answer })
    return true
  }

  /** The bot's answer, or null if none comes in so many milliseconds. */
  async waitForAnswer(id: string, milliseconds: number, signal: AbortSignal): Promise<CallbackAnswer | null> {
    const query = this.#byId.get(id)
    if (!query) return null
    const { promise: over, resolve } = Promise.withResolvers<null>()
    const timer = setTimeout(() => resolve(null), milliseconds)
    const stop = () => resolve(null)
    signal.addEventListener('abort', stop, { once: true })
    const answer = await Promise.race([query.answered.promise, over])
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    return answer
  }

  /** The map is in the order of the presses. */
  #forgetOld(): void {
    for (const [id, { pressedAt }] of this.#byId) {
      if (pressedAt > Date.now() - lifetime) return
      this.#byId.delete(id)
    }
  }
}
