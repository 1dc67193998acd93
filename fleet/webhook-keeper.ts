import type { ApiFailure, ApiResponse, HookInfo, Webhook } from '../channels/channel.ts'
import { hookAddress, hookSecret, isOurs } from '../channels/hook-address.ts'
import { fingerprint } from '../config/vault.ts'
import type { BotRecord } from '../models/bot.ts'
import { planOf } from '../models/intake.ts'
import type { ServerRecord } from '../models/server.ts'
import type { BotAlerts } from './bot-alerts.ts'

/**
 * How a bot's messages can come in just now. `foreign`: not at all, since they go to somebody else's webhook. `poll for now`: the messenger
 * would not take our address, which is worth another try.
 */
export type Way = 'poll' | 'poll for now' | 'webhook' | 'foreign'

export type KeeperParts = { bot: () => BotRecord; server: ServerRecord; webhook: Webhook; alerts: BotAlerts }

/** Brings a bot's webhook at the messenger in line with its record. One of somebody else's it leaves alone, unless an admin has said otherwise. */
export class WebhookKeeper {
  readonly #bot: () => BotRecord
  readonly #server: ServerRecord
  readonly #webhook: Webhook
  readonly #alerts: BotAlerts
  /** The messenger has our secret from this very process: of an address alone one cannot tell. */
  #secretGiven = false
  #lastError: number | undefined

  constructor({ bot, server, webhook, alerts }: KeeperParts) {
    this.#bot = bot
    this.#server = server
    this.#webhook = webhook
    this.#alerts = alerts
  }

  async settle(signal: AbortSignal): Promise<ApiResponse<Way>> {
    const found = await this.#webhook.info(signal)
    if (!found.ok) return found
    this.#noteError(found.result)
    const { url } = found.result
    if (this.#isForeign(url)) {
      this.#alerts.foreignWebhook({ origin: URL.parse(url)?.origin ?? '?', print: printOf(url), mayReplace: false })
      return { ok: true, result: 'foreign' }
    }
    const way = await this.#bring(url, this.#wanted(), signal)
    if (way.ok) this.#alerts.foreignWebhook(null)
    return way
  }

  async #bring(url: string, wanted: string, signal: AbortSignal): Promise<ApiResponse<Way>> {
    const stands = url === wanted && (wanted === '' || this.#secretGiven)
    if (!stands) {
      const refused = await this.#change(wanted, signal)
      if (refused && (refused.error_code !== 400 || wanted === '')) return refused
      if (refused) return this.#doWithout(refused, signal)
    }
    return { ok: true, result: wanted ? 'webhook' : 'poll' }
  }

  async #doWithout(refused: ApiFailure, signal: AbortSignal): Promise<ApiResponse<Way>> {
    this.#alerts.failed(refused)
    const failure = await this.#change('', signal)
    return failure ?? { ok: true, result: 'poll for now' }
  }

  /** Sets or removes the webhook, and reads what stands then. Answers what went wrong. */
  async #change(wanted: string, signal: AbortSignal): Promise<ApiFailure | undefined> {
    const done = wanted
      ? await this.#webhook.set(wanted, hookSecret(this.#bot()), signal)
      : await this.#webhook.remove(signal)
    if (!done.ok) return done
    this.#secretGiven = wanted !== ''
    const found = await this.#webhook.info(signal)
    if (!found.ok) return found
    if (found.result.url === wanted) return undefined
    return { ok: false, error_code: 0, description: 'Somebody else changed the webhook at the same time' }
  }

  /** Our address where the record wants one and there is one to give, else none. */
  #wanted(): string {
    if (planOf(this.#bot()).by !== 'webhook') return ''
    const address = hookAddress(this.#server, this.#bot())
    return 'url' in address ? address.url : ''
  }

  #isForeign(url: string): boolean {
    if (url === '' || isOurs(url, this.#server, this.#bot())) return false
    const { foreignWebhook } = this.#bot()
    return !(foreignWebhook?.mayReplace && foreignWebhook.print === printOf(url))
  }

  /** What went wrong before our first look was told by whoever looked then. */
  #noteError({ lastError }: HookInfo): void {
    const date = lastError?.date ?? 0
    if (lastError && this.#lastError !== undefined && date > this.#lastError)
      this.#alerts.webhookFailed(lastError.description)
    this.#lastError = date
  }
}

function printOf(url: string): string {
  return fingerprint('foreign webhook', url)
}
