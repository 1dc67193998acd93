import type { Bot, Bots, Webhook } from './bots.ts'
import { conflict } from './failures.ts'
import type { Updates } from './updates.ts'
import type { WebhookAnswer } from './webhook-post.ts'
import { WebhookSender, type WebhookTimes } from './webhook-sender.ts'

type OnAnswer = (bot: Bot, answer: WebhookAnswer) => void

/** The bots that have their updates sent. */
export class Webhooks {
  readonly #bots: Bots
  readonly #updates: Updates
  readonly #times: WebhookTimes
  readonly #senders = new Map<number, WebhookSender>()
  #onAnswer: OnAnswer = () => undefined

  constructor(bots: Bots, updates: Updates, times: WebhookTimes) {
    this.#bots = bots
    this.#updates = updates
    this.#times = times
  }

  /** Begins to send what waits since the last run, until the signal ends it. */
  open(onAnswer: OnAnswer, signal: AbortSignal): void {
    this.#onAnswer = onAnswer
    for (const bot of this.#bots.all()) if (bot.webhook) this.#start(bot, bot.webhook)
    signal.addEventListener('abort', () => {
      for (const sender of this.#senders.values()) sender.stop()
    })
  }

  /** Sends to another address from now on, or to none. */
  set(bot: Bot, webhook: Webhook | undefined): void {
    this.stop(bot)
    if (webhook) bot.webhook = webhook
    else delete bot.webhook
    this.#bots.save(bot)
    if (!webhook) return
    this.#updates.endPoll(bot, conflict('terminated by setWebhook request'))
    this.#start(bot, webhook)
  }

  stop(bot: Bot): void {
    this.#senders.get(bot.id)?.stop()
    this.#senders.delete(bot.id)
  }

  /** What went wrong last. */
  lastError(bot: Bot): { date: number; message: string } | undefined {
    return this.#senders.get(bot.id)?.lastError
  }

  #start(bot: Bot, webhook: Webhook): void {
    const parts = { bot, webhook, updates: this.#updates, times: this.#times, onAnswer: this.#onAnswer }
    this.#senders.set(bot.id, new WebhookSender(parts))
  }
}
