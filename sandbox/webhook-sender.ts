import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Bot, Webhook } from './bots.ts'
import { nowInSeconds } from './conversations.ts'
import type { UpdateLine, Updates } from './updates.ts'
import { type PostOutcome, postUpdate, type WebhookAnswer } from './webhook-post.ts'

/** In milliseconds. */
export interface WebhookTimes {
  /** How long the bot may take to answer. */
  patience: number
  /** The second failure of an update in a row waits twice as long as this, each further one twice as long as the last. */
  firstPause: number
  longestPause: number
}

export const webhookTimes: WebhookTimes = { patience: 60_000, firstPause: 1_000, longestPause: 60_000 }

/** The updates of one chat: one at a time, the first until it is taken. */
interface Lane {
  chat: number
  waiting: number[]
  failures: number
}

export interface SenderParts {
  bot: Bot
  webhook: Webhook
  updates: Updates
  times: WebhookTimes
  /** A webhook may answer with a call of a method. */
  onAnswer: (bot: Bot, answer: WebhookAnswer) => void
}

/** Sends a bot's updates to its webhook: those of a chat in order, those of several chats at once. */
export class WebhookSender {
  /** The latest failure, as getWebhookInfo tells it. */
  lastError: { date: number; message: string } | undefined
  readonly #parts: SenderParts
  readonly #agent: HttpAgent
  readonly #lanes = new Map<number, Lane>()
  readonly #stopping = new AbortController()
  readonly #resting = new Set<NodeJS.Timeout>()
  readonly #ready: Lane[] = []
  #busy = 0
  #newest = 0

  constructor(parts: SenderParts) {
    this.#parts = parts
    const Agent = parts.webhook.url.startsWith('https:') ? HttpsAgent : HttpAgent
    this.#agent = new Agent({ keepAlive: true, maxSockets: parts.webhook.maxConnections })
    for (const line of parts.updates.lines(parts.bot)) this.#add(line)
    parts.updates.feed(parts.bot, (line) => {
      this.#add(line)
      this.#pump()
    })
    this.#pump()
  }

  /** What is on its way is given up: the bot may get it once more. */
  stop(): void {
    this.#parts.updates.endFeed(this.#parts.bot)
    this.#stopping.abort()
    this.#agent.destroy()
    for (const timer of this.#resting) clearTimeout(timer)
  }

  #add({ id, chat }: UpdateLine): void {
    // One that is written while the webhook is set is found among those that wait, and told of as well.
    if (id <= this.#newest) return
    this.#newest = id
    const lane = this.#lanes.get(chat)
    if (lane) {
      lane.waiting.push(id)
      return
    }
    const fresh = { chat, waiting: [id], failures: 0 }
    this.#lanes.set(chat, fresh)
    this.#ready.push(fresh)
  }

  #pump(): void {
    while (this.#busy < this.#parts.webhook.maxConnections) {
      const lane = this.#ready.shift()
      if (!lane) return
      this.#busy++
      void this.#sendFirst(lane)
    }
  }

  async #sendFirst(lane: Lane): Promise<void> {
    const { bot, updates, onAnswer } = this.#parts
    const [id = 0] = lane.waiting
    const outcome = await this.#post(updates.text(bot, id))
    if (this.#stopping.signal.aborted) return
    this.#busy--
    if (outcome.ok) {
      updates.remove(bot, id)
      this.#next(lane)
      onAnswer(bot, outcome)
    } else {
      this.lastError = { date: nowInSeconds(), message: outcome.error }
      this.#rest(lane, outcome.retryAfter)
    }
    this.#pump()
  }

  async #post(text: string | undefined): Promise<PostOutcome> {
    // The bot dropped what was pending.
    if (text === undefined) return { ok: true, type: '', body: '' }
    const { webhook, times } = this.#parts
    const { url, secret } = webhook
    const signal = this.#stopping.signal
    return postUpdate({ url, secret, agent: this.#agent, patience: times.patience, signal }, text)
  }

  #next(lane: Lane): void {
    lane.waiting.shift()
    lane.failures = 0
    if (lane.waiting.length > 0) this.#ready.push(lane)
    else this.#lanes.delete(lane.chat)
  }

  /** The first repetition comes at once, as Telegram's. */
  #rest(lane: Lane, retryAfter: number): void {
    const { firstPause, longestPause } = this.#parts.times
    const growing = lane.failures === 0 ? 0 : Math.min(firstPause * 2 ** lane.failures, longestPause)
    lane.failures++
    const timer = setTimeout(
      () => {
        this.#resting.delete(timer)
        this.#ready.push(lane)
        this.#pump()
      },
      retryAfter > 0 ? retryAfter * 1000 : growing,
    )
    this.#resting.add(timer)
  }
}
