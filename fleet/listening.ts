import { setTimeout as pause } from 'node:timers/promises'
import type { ApiFailure, ApiResponse, Channel } from '../channels/channel.ts'
import type { Logger } from '../config/logger.ts'
import type { BotRecord } from '../models/bot.ts'
import { isSchedule, planOf } from '../models/intake.ts'
import type { ServerRecord } from '../models/server.ts'
import type { BotAlerts } from './bot-alerts.ts'
import { Contention } from './contention.ts'
import type { Inbox } from './inbox.ts'
import { type Intake, type IntakeTimes, poll, rest } from './intake.ts'
import { untilNextLook } from './next-look.ts'
import { type Way, WebhookKeeper } from './webhook-keeper.ts'

export type ListeningParts = {
  bot: () => BotRecord
  server: ServerRecord
  channel: Channel
  inbox: Inbox
  alerts: BotAlerts
  log: Logger
  times: IntakeTimes
}

/** Takes in a bot's messages in the way that its record wants, and changes the way when the record changes. */
export class Listening {
  readonly #parts: ListeningParts
  readonly #keeper: WebhookKeeper | undefined
  /** Another poller, and a webhook of somebody else's. */
  readonly #rival: Contention
  readonly #foreign: Contention
  #failures = 0
  #wish = ''
  #change = new AbortController()

  constructor(parts: ListeningParts) {
    const { channel, times } = parts
    this.#parts = parts
    this.#keeper = channel.webhook && new WebhookKeeper({ ...parts, webhook: channel.webhook })
    this.#rival = new Contention(times.conflictPatienceMs)
    this.#foreign = new Contention(times.conflictPatienceMs)
  }

  /** Listens until the bot stops, whatever the store and the messenger do meanwhile. */
  async run(signal: AbortSignal): Promise<void> {
    const { bot, inbox, log, times } = this.#parts
    while (!signal.aborted) {
      this.#change = new AbortController()
      this.#wish = wishOf(bot())
      try {
        await inbox.resume()
        await this.#round(AbortSignal.any([signal, this.#change.signal]))
      } catch (error) {
        log.error({ err: error }, 'the inbox could not be read')
        await idle(times.longestPauseMs, signal)
      }
    }
  }

  /** The record was changed: if that concerns the intake, what is under way is broken off. Nothing is lost by it. */
  adopt(): void {
    if (this.#wish !== '' && wishOf(this.#parts.bot()) !== this.#wish) this.#change.abort()
  }

  /** Finds out how messages can come in, and has them come in until something changes. */
  async #round(signal: AbortSignal): Promise<void> {
    const { alerts, times } = this.#parts
    const way: ApiResponse<Way> = (await this.#keeper?.settle(signal)) ?? { ok: true, result: 'poll' }
    if (signal.aborted) return
    if (!way.ok) {
      this.#failed(way)
      return rest(way, this.#failures++, times, signal)
    }
    this.#failures = 0
    if (way.result === 'foreign') {
      if (this.#foreign.met()) alerts.foreignStays()
      return idle(times.longestPauseMs, signal)
    }
    this.#foreign.over()
    if (way.result === 'webhook') return idle(times.longestPauseMs, signal)
    const until = way.result === 'poll' ? signal : AbortSignal.any([signal, AbortSignal.timeout(times.longestPauseMs)])
    await this.#poll(until)
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { bot, log } = this.#parts
    const { _id } = bot()
    const plan = planOf(bot())
    const intake = this.#intake(signal)
    if (isSchedule(plan)) {
      // A restart reads at once, and then on schedule.
      while ((await poll(intake, signal, 'empty')) === 'empty') await untilNextLook(plan, _id, log, signal)
    } else await poll(intake, signal)
  }

  #intake(signal: AbortSignal): Intake {
    const { channel, inbox, alerts, bot, log, times } = this.#parts
    if (!channel.poll) throw new Error(`The channel of ${bot().username} cannot be polled`)
    return {
      poll: channel.poll,
      store: async (events) => {
        await inbox.take(events)
        await inbox.room()
      },
      onAnswer: () => this.#rival.over(),
      onFailure: (failure) => this.#failed(failure),
      onConflict: async () => {
        const hook = await channel.webhook?.info(signal)
        if (hook?.ok && hook.result.url !== '') return true
        if (this.#rival.met()) alerts.conflict()
        return false
      },
      log,
      times,
    }
  }

  #failed(failure: ApiFailure): void {
    this.#parts.alerts.failed(failure)
    if (failure.error_code === 401) this.#parts.alerts.tokenDied()
  }
}

/** What of a record the intake depends on. */
function wishOf(bot: BotRecord): string {
  const { foreignWebhook } = bot
  return JSON.stringify([planOf(bot), foreignWebhook?.mayReplace ? foreignWebhook.print : ''])
}

async function idle(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {})
}
