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
  /** A group has become a supergroup, with another id. */
  onMoved: (from: number, to: number) => Promise<void> | void
  /** The messenger said 401: the token is dead. */
  onUnauthorized: () => void
  /** How long to wait before the n-th repeat (from 1) of a reply that met a 5xx or no connection, in milliseconds. */
  pauseBefore?: (repeat: number) => number
}

/** One bot's way out. Nothing else of this process speaks for the bot. */
export type Outbound = {
  /**
   * A dialogue's call. Waits for the budget before all deliveries; what the messenger has not refused for good (429, 5xx, no answer at all)
   * is repeated until the signal aborts: a single 502 or a broken connection must not destroy a scene. Waits while the lease is in doubt.
   * Never throws.
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
  /** The new ids of groups that became supergroups: who still names the old one is understood. */
  const moved = new Map<unknown, number>()
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
    const from = payload.chat_id
    const answer = await channel.call(method, payload, signal)
    if (answer.ok) return answer
    const to = answer.parameters?.migrate_to_chat_id
    if (to !== undefined && typeof from === 'number' && from !== to) {
      if (await noted({ from, to }, () => options.onMoved(from, to))) moved.set(from, to)
      return call(method, { ...payload, chat_id: to }, signal)
    }
    log.debug({ method, code: answer.error_code, description: answer.description }, 'the messenger refused a call')
    if (answer.error_code === 429) budget.pause(answer.parameters?.retry_after ?? 1)
    if (answer.error_code === 401) options.onUnauthorized()
    return answer
  }

  /** Whoever called must get the messenger's answer all the same; the next answer of this kind notes it again. */
  async function noted(what: object, note: () => Promise<void> | void): Promise<boolean> {
    try {
      await note()
      return true
    } catch (error) {
      log.error({ err: error, ...what }, 'what the messenger said of a chat could not be noted')
      return false
    }
  }

  const placed = (payload: Payload): Payload =>
    moved.has(payload.chat_id) ? { ...payload, chat_id: moved.get(payload.chat_id) } : payload

  return {
    mayStillSend,
    pausedFor: () => budget.pausedFor,

    async reply(method, given, signal) {
      const payload = placed(given)
      let last: ApiFailure = refused('The time for this update is over: nothing is sent any more')
      for (let repeat = 1; await admitted(method, payload, 'reply', signal); repeat++) {
        while (!mayStillSend() && !signal.aborted) await pause(holdMs, signal)
        if (signal.aborted)
          return refused('The time for this update ended while it was in doubt who speaks for the bot')
        const answer = await call(method, payload, signal)
        if (answer.ok) return answer
        last = answer
        const chat = payload.chat_id
        if (answer.error_code === 403 && typeof chat === 'number')
          await noted({ chat }, () => options.onForbidden(chat))
        if (!mayBeRepeated(answer)) return answer
        if (answer.error_code !== 429) await pause(pauseBefore(repeat), signal)
      }
      return last
    },

    async chatRested(given, signal) {
      const chat = moved.get(given) ?? given
      for (let wait = budget.chatWait(chat); wait > 0 && !signal.aborted; wait = budget.chatWait(chat))
        await pause(wait, signal)
    },

    turn: (chat, signal) =>
      budget.take({ chat: moved.get(chat) ?? chat, group: isGroup(chat), lane: 'delivery' }, signal),

    async deliver(method, payload, signal) {
      return mayStillSend() ? call(method, placed(payload), signal) : 'hold'
    },
  }
}

/** Whether a dialogue's call is made once more: a reply said twice is better than a scene that fails. */
function mayBeRepeated({ error_code: code }: ApiFailure): boolean {
  return code === 0 || code === 429 || code >= 500
}

/** Telegram's groups and channels have negative ids; `@name` is a channel's. */
function isGroup(chat: number | string): boolean {
  return typeof chat === 'string' || chat < 0
}

function refused(description: string): ApiFailure {
  return { ok: false, error_code: 0, description, unsent: true }
}
