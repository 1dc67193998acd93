import type { RateLimits } from '../models/server.ts'
import { type Clock, wallClock } from './clock.ts'
import { Burst, type Pace, SlidingWindow, unlimited } from './pace.ts'

/** A dialogue's replies go before what was queued to be delivered, always. */
export type Lane = 'reply' | 'delivery'
/** `group`: more than one person reads the chat, and the messenger counts by the minute. */
export type Turn = { chat: number | string; group: boolean; lane: Lane }

type Ticket = { grant: () => void }
/** `wakeOff` calls off the end of its rest; undefined: it does not rest. */
type ChatLine = { paces: Pace[]; reply: Set<Ticket>; delivery: Set<Ticket>; wakeOff: (() => void) | undefined }

/** A second as we count it: a little longer, since the network may bring close together what we sent apart. */
const second = 1030
const minute = 60_500
const sweepFrom = 1000

/**
 * How much one bot may say: a server's limits a bot, a chat and a group, and one pause for all after a 429. A ticket waits in the line
 * of its chat; chats that may speak wait in the order they came, those with a reply first.
 */
export class RateBudget {
  readonly #limits: RateLimits | null
  readonly #clock: Clock
  readonly #bot: Pace
  readonly #lines = new Map<number | string, ChatLine>()
  readonly #ready = { reply: new Set<ChatLine>(), delivery: new Set<ChatLine>() }
  #pausedUntil = 0
  #callOff: (() => void) | undefined
  #sweepAt = sweepFrom

  /** `limits: null` is a server that sets none; its 429s pause all the same. */
  constructor(limits: RateLimits | null, clock: Clock = wallClock) {
    this.#limits = limits
    this.#clock = clock
    this.#bot = limits ? new SlidingWindow(limits.botPerSecond, second) : unlimited
  }

  /** Waits until one message may go out and counts it. Rejects with the signal's reason when that aborts first. */
  take({ chat, group, lane }: Turn, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const line = this.#line(chat, group)
      const giveUp = () => {
        line[lane].delete(ticket)
        this.#settle(line, lane)
        reject(signal.reason)
      }
      const ticket: Ticket = {
        grant: () => {
          signal.removeEventListener('abort', giveUp)
          resolve()
        },
      }
      signal.addEventListener('abort', giveUp, { once: true })
      line[lane].add(ticket)
      if (!line.wakeOff) this.#ready[lane].add(line)
      this.#pump()
    })
  }

  /** Nothing goes out for so long, whatever the chat: the messenger said 429. */
  pause(seconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + seconds * 1000)
  }

  /** How long the pause still lasts, in milliseconds. */
  get pausedFor(): number {
    return Math.max(0, this.#pausedUntil - this.#clock.now())
  }

  /** How long until a chat, apart from all others, could take one more, in milliseconds. */
  chatWait(chat: number | string): number {
    const now = this.#clock.now()
    return Math.max(0, ...(this.#lines.get(chat)?.paces ?? []).map((pace) => pace.wait(now)))
  }

  /** How many chats are remembered. */
  get size(): number {
    return this.#lines.size
  }

  #pump(): void {
    for (;;) {
      const now = this.#clock.now()
      const lane = this.#ready.reply.size > 0 ? 'reply' : 'delivery'
      const [line] = this.#ready[lane]
      if (!line) return
      const shut = Math.max(this.#pausedUntil - now, this.#bot.wait(now))
      if (shut > 0) {
        this.#pumpAfter(shut)
        return
      }
      this.#ready[lane].delete(line)
      const [ticket] = line[lane]
      if (!ticket) continue
      const wait = Math.max(...line.paces.map((pace) => pace.wait(now)))
      if (wait > 0) {
        this.#rest(line, wait)
        continue
      }
      line[lane].delete(ticket)
      for (const pace of [this.#bot, ...line.paces]) pace.spend(now)
      if (line[lane].size > 0) this.#ready[lane].add(line)
      ticket.grant()
    }
  }

  #pumpAfter(ms: number): void {
    this.#callOff?.()
    this.#callOff = this.#clock.after(ms, () => this.#pump())
  }

  #rest(line: ChatLine, ms: number): void {
    for (const lane of ['reply', 'delivery'] as const) this.#ready[lane].delete(line)
    line.wakeOff = this.#clock.after(ms, () => {
      line.wakeOff = undefined
      for (const lane of ['reply', 'delivery'] as const) if (line[lane].size > 0) this.#ready[lane].add(line)
      this.#pump()
    })
  }

  /** A timer that nobody waits for would keep a stopped process alive, after a 429 for long. */
  #settle(line: ChatLine, lane: Lane): void {
    if (line[lane].size === 0) this.#ready[lane].delete(line)
    if (line.reply.size + line.delivery.size === 0) {
      line.wakeOff?.()
      line.wakeOff = undefined
    }
    if (this.#ready.reply.size + this.#ready.delivery.size === 0) this.#callOff?.()
  }

  #line(chat: number | string, group: boolean): ChatLine {
    const known = this.#lines.get(chat)
    if (known) return known
    if (this.#lines.size >= this.#sweepAt) this.#sweep()
    const line: ChatLine = { paces: this.#paces(group), reply: new Set(), delivery: new Set(), wakeOff: undefined }
    this.#lines.set(chat, line)
    return line
  }

  #paces(group: boolean): Pace[] {
    if (!this.#limits) return [unlimited]
    const { chatBurst, chatPerSecond, groupPerMinute } = this.#limits
    const chat = new Burst(chatBurst, chatPerSecond)
    return group ? [chat, new SlidingWindow(groupPerMinute, minute)] : [chat]
  }

  #sweep(): void {
    const now = this.#clock.now()
    for (const [chat, line] of this.#lines) {
      const quiet = line.reply.size === 0 && line.delivery.size === 0 && !line.wakeOff
      if (quiet && line.paces.every((pace) => pace.idle(now))) this.#lines.delete(chat)
    }
    this.#sweepAt = Math.max(sweepFrom, this.#lines.size * 2)
  }
}
