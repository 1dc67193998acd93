import { tellAdmins } from '../acts/tell-admins.ts'
import type { ApiFailure } from '../channels/channel.ts'
import type { Logger } from '../config/logger.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import type { ForeignWebhook } from '../models/intake.ts'
import { storeTime } from '../models/store-clock.ts'

const notedEveryMs = 5_000
const deathToldEveryMs = 600_000

/** What happens to a bot while it runs, for its card in Metabot and, where a person must act, for its admins. */
export class BotAlerts {
  readonly #bot: () => BotRecord
  readonly #log: Logger
  #seenNotedAt = Number.NEGATIVE_INFINITY
  #tokenDied = false
  #deathToldAt = Number.NEGATIVE_INFINITY

  constructor(bot: () => BotRecord, log: Logger) {
    this.#bot = bot
    this.#log = log
  }

  /** An update came in; noted every few seconds at most. */
  sawUpdate(): void {
    if (performance.now() - this.#seenNotedAt < notedEveryMs) return
    this.#seenNotedAt = performance.now()
    this.#note({ lastUpdateAt: storeTime() })
  }

  failed({ error_code, description }: ApiFailure): void {
    this.#log.warn({ code: error_code, description }, 'the messenger could not be asked')
    this.#note({ lastError: `${error_code ? `${error_code} ` : ''}${description}`, lastErrorAt: storeTime() })
  }

  /** The messenger refuses the token: the bot rests (the fleet sees it in the record) until an admin brings a new one. */
  tokenDied(): void {
    if (this.#tokenDied) return
    this.#tokenDied = true
    this.#log.error('the token was refused')
    this.#noteDeath().catch((error) => {
      this.#tokenDied = false
      this.#log.error({ err: error }, 'a dead token could not be noted')
    })
  }

  conflict(): void {
    this.#done(() => tellAdmins(this.#bot(), 'alert.conflict'))
  }

  /** The messenger could not bring what it has to our address; it tries again. */
  webhookFailed(description: string): void {
    this.#log.warn({ description }, 'the messenger could not reach our webhook')
    this.#note({ lastError: description, lastErrorAt: storeTime() })
  }

  /** The webhook of somebody else's that was found at this bot, or that there is none. For its card. */
  foreignWebhook(found: ForeignWebhook | null): void {
    if ((this.#bot().foreignWebhook?.print ?? null) === (found?.print ?? null)) return
    if (found) this.#log.warn({ origin: found.origin }, 'the messages go to a webhook of somebody else')
    this.#note({ foreignWebhook: found })
  }

  foreignStays(): void {
    this.#done(() => tellAdmins(this.#bot(), 'alert.foreignWebhook', 'open-intake'))
  }

  /** At most once in a while: one broken skill must not flood the admins. */
  async updateDied(): Promise<void> {
    if (performance.now() - this.#deathToldAt < deathToldEveryMs) return
    this.#deathToldAt = performance.now()
    await tellAdmins(this.#bot(), 'alert.deadUpdate')
  }

  async #noteDeath(): Promise<void> {
    // A late refusal of the token before the last is no word on the one that the bot has now.
    if (await Bot.tokenDied(this.#bot())) await tellAdmins(this.#bot(), 'alert.tokenDied', 'replace-token')
  }

  #note(health: Parameters<typeof Bot.note>[1]): void {
    this.#done(() => Bot.note(this.#bot()._id, health))
  }

  #done(work: () => Promise<void>): void {
    work().catch((error) => this.#log.error({ err: error }, 'an alert could not be noted'))
  }
}
