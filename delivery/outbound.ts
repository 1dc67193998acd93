import type { ApiFailure, ApiResponse, Channel } from '../channels/channel.ts'
import type { Logger } from '../config/logger.ts'
import { pause } from './clock.ts'
import type { Lane, RateBudget } from './rate-budget.ts'

type Payload = Record<string, unknown>

export type OutboundOptions = {
  channel: Channel
  budget: RateBudget
  /** Whether this process surely holds the bot's lease; asked right before each request. */
  mayStillSend: () => boolean
  log: Logger
  /** A dialogue's reply met 403: the person has blocked the bot, or it was removed from the group. */
  onForbidden: (chat: number) => Promise<void> | void
  /** The messenger said 401: the token is dead. */
  onUnauthorized: () => void
  /** How long to wait before the n-th repeat (from 1) of a reply that met a 5xx or no connection, in milliseconds. */
  pauseBefore?: (repeat: number) => number
}

/** One bot's way out. Nothing else of this process speaks for the bot. */
export type Outbound = {
  /**
   * A dialogue's call. Waits for the budget before all deliveries; what was not carried out (429, no connection) or most likely
   * was not (5xx, also a gateway's) is repeated until the signal aborts: a single 502 must not destroy a scene. Waits while the lease is in
   * doubt. Never throws.
   */
  reply(method: string, payload: Payload, signal: AbortSignal): Promise<ApiResponse>
  /** Waits until this chat by itself could take one more; counts nothing. Answers at once when the signal aborts. */
  chatRested(chat: number, signal: AbortSignal): Promise<void>
  /** Waits until one delivery may go to this chat, and counts it. Rejects when the signal aborts first. */
  turn(chat: number, signal: AbortSignal): Promise<void>
  /** Sends at once, one try; its turn was awaited before. `hold`: nothing was sent, for the lease is in doubt. */
  deliver(method: string, payload: Payload, signal: AbortSignal): Promise<ApiResponse | 'hold'>
  /** How long nothing goes out because of a 429, in milliseconds. */
  pausedFor(): number
  mayStillSend(): boolean
}

/** How often to look whether the lease is sure again. */
const holdMs = 100
const spending = /^(send|edit|copy|forward)/

export function createOutbound(options: OutboundOptions): Outbound {
  const { channel, budget, mayStillSend, log } = options
  const pauseBefore = options.pauseBefore ?? ((repeat) => Math.min(8000, 250 * 2 ** (repeat - 1)))

  async function admitted(method: string, payload: Payload, lane: Lane, signal: AbortSignal): Promise<boolean> {
    const chat = payload.chat_id
    try {
      if (spending.test(method) && (typeof chat === 'number' || typeof chat === 'string')) {
        await budget.take({ chat, group: isGroup(chat), lane }, signal)
      } else {
        while (budget.pausedFor > 0 && !signal.aborted) await pause(budget.pausedFor, signal)
      }
      return !signal.aborted
    } catch {
      return false
    }
  }

  async function call(method: string, payload: Payload, signal: AbortSignal): Promise<ApiResponse> {
    const answer = await channel.call(method, payload, signal)
    if (answer.ok) return answer
    log.debug({ method, code: answer.error_code, description: answer.description }, 'the messenger refused a call')
    if (answer.error_code === 429) budget.pause(answer.parameters?.retry_after ?? 1)
    if (answer.error_code === 401) options.onUnauthorized()
    return answer
  }

  async function forbidden(chat: number): Promise<void> {
    try {
      await options.onForbidden(chat)
    } catch (error) {
      // The dialogue must get the messenger's answer all the same; the next 403 notes it again.
      log.error({ err: error, chat }, 'that a person has stopped the bot could not be noted')
    }
  }

  return {
    mayStillSend,
    pausedFor: () => budget.pausedFor,

    async reply(method, payload, signal) {
      let last: ApiFailure = refused('The time for this update is over: nothing is sent any more')
      for (let repeat = 1; await admitted(method, payload, 'reply', signal); repeat++) {
        while (!mayStillSend() && !signal.aborted) await pause(holdMs, signal)
        if (signal.aborted)
          return refused('The time for this update ended while it was in doubt who speaks for the bot')
        const answer = await call(method, payload, signal)
        if (answer.ok) return answer
        last = answer
        if (answer.error_code === 403 && typeof payload.chat_id === 'number') await forbidden(payload.chat_id)
        if (!mayBeRepeated(answer)) return answer
        if (answer.error_code !== 429) await pause(pauseBefore(repeat), signal)
      }
      return last
    },

    async chatRested(chat, signal) {
      for (let wait = budget.chatWait(chat); wait > 0 && !signal.aborted; wait = budget.chatWait(chat))
        await pause(wait, signal)
    },

    turn: (chat, signal) => budget.take({ chat, group: isGroup(chat), lane: 'delivery' }, signal),

    async deliver(method, payload, signal) {
      return mayStillSend() ? call(method, payload, signal) : 'hold'
    },
  }
}

/** Whether a dialogue's call is made once more: a reply said twice is better than a scene that fails. */
function mayBeRepeated(failure: ApiFailure): boolean {
  return failure.error_code === 429 || failure.error_code >= 500 || failure.unsent === true
}

/** Telegram's groups and channels have negative ids; `@name` is a channel's. */
function isGroup(chat: number | string): boolean {
  return typeof chat === 'string' || chat < 0
}

function refused(description: string): ApiFailure {
  return { ok: false, error_code: 0, description, unsent: true }
}
