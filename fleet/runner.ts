import { moveChat, shutOut } from '../acts/chat-news.ts'
import { comesIn } from '../acts/door.ts'
import type { Channel } from '../channels/channel.ts'
import { openChannel } from '../channels/channels.ts'
import type { Logger } from '../config/logger.ts'
import { type Dispatcher, startDispatcher } from '../delivery/dispatcher.ts'
import { resumeExpanding } from '../delivery/notify.ts'
import { createOutbound, type Outbound } from '../delivery/outbound.ts'
import { RateBudget } from '../delivery/rate-budget.ts'
import { botHandle } from '../dialogue/bot-handle.ts'
import { registerCommands } from '../dialogue/command-menu.ts'
import { Dialogue } from '../dialogue/dialogue.ts'
import type { Kind } from '../dialogue/kind.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { changes } from '../models/changes.ts'
import type { ServerRecord } from '../models/server.ts'
import { Update, type UpdateRecord } from '../models/update.ts'
import { BotAlerts } from './bot-alerts.ts'
import { Inbox, type InboxTimes } from './inbox.ts'
import type { IntakeTimes } from './intake.ts'
import type { LeaseHold } from './lease-hold.ts'
import { Listening } from './listening.ts'

export type RunnerTimes = { inbox: InboxTimes; intake: IntakeTimes }
export type RunnerParts = { server: ServerRecord; kind: Kind; hold: LeaseHold; log: Logger; times: RunnerTimes }

/** One bot at work in this process: intake, inbox, dialogue, dispatcher. */
export class Runner {
  readonly hold: LeaseHold
  #bot: BotRecord
  readonly #log: Logger
  readonly #stopping = new AbortController()
  readonly #inbox: Inbox
  readonly #listening: Listening
  readonly #channel: Channel
  readonly #outbound: Outbound
  readonly #alerts: BotAlerts
  readonly #kind: Kind
  readonly #times: RunnerTimes
  #dispatcher: Dispatcher | undefined
  #intake: Promise<unknown> | undefined
  #looking: NodeJS.Timeout | undefined
  #wishes = 0

  constructor(bot: BotRecord, { server, kind, hold, log, times }: RunnerParts) {
    this.#bot = bot
    this.hold = hold
    this.#kind = kind
    this.#times = times
    this.#log = log.child({ bot: bot.username })
    this.#alerts = new BotAlerts(() => this.#bot, this.#log)
    this.#channel = openChannel(server, Bot.token(bot))
    this.#outbound = createOutbound({
      channel: this.#channel,
      budget: new RateBudget(server.limits ?? null),
      mayStillSend: () => hold.isSure(),
      onForbidden: (chat) => shutOut(bot._id, chat),
      onMoved: (from, to) => moveChat(bot._id, from, to),
      onUnauthorized: () => this.#alerts.tokenDied(),
      log: this.#log,
    })
    const handle = botHandle(() => this.#bot, kind, this.#log)
    const dialogue = new Dialogue(handle, kind, this.#outbound.reply, this.#channel.capabilities)
    const door = { bot: () => this.#bot, reply: this.#outbound.reply }
    const handleUpdate: ConstructorParameters<typeof Inbox>[1]['handle'] = async (record, signal) => {
      const payload = Update.payload(record)
      if ('update' in payload) this.#alerts.sawUpdate()
      if (await comesIn(door, record.eventId, payload, signal)) await dialogue.handle(record.eventId, payload, signal)
    }
    this.#inbox = new Inbox(
      bot._id,
      { handle: handleUpdate, onDead: (record) => this.#apologise(dialogue, record) },
      this.#log,
      times.inbox,
    )
    hold.lost.addEventListener('abort', () => this.#inbox.abandon(), { once: true })
    this.#listening = new Listening({
      bot: () => this.#bot,
      server,
      channel: this.#channel,
      inbox: this.#inbox,
      alerts: this.#alerts,
      log: this.#log,
      times: times.intake,
    })
  }

  get bot(): BotRecord {
    return this.#bot
  }

  /** The record changed in a way that needs no new start: a name, a setting, the intake. */
  adopt(bot: BotRecord): void {
    this.#bot = bot
    this.#listening.adopt()
  }

  /** Takes up what was left, then begins to listen. */
  async start(): Promise<void> {
    await resumeExpanding(this.#bot)
    this.#dispatcher = startDispatcher({
      bot: this.#bot,
      outbound: this.#outbound,
      capabilities: this.#channel.capabilities,
      log: this.#log,
    })
    changes.on('inbox', this.#onInbox)
    // Of what other processes have stored no event tells.
    this.#looking = setInterval(() => this.#resumeSoon(), this.#times.inbox.lookEveryMs)
    const { signal } = this.#stopping
    this.#intake = Promise.all([this.#listening.run(signal), this.#register(signal)])
  }

  /** Stops listening, lets the lanes finish, then the dispatcher. */
  async stop(): Promise<void> {
    changes.off('inbox', this.#onInbox)
    clearInterval(this.#looking)
    this.#stopping.abort()
    await this.#intake
    await this.#inbox.drain()
    await this.#dispatcher?.stop()
  }

  /** The menu of commands is nice to have: it neither waits for the intake nor holds it up. */
  async #register(signal: AbortSignal): Promise<void> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(this.#times.inbox.deadlineMs)])
    await registerCommands(this.#bot, this.#kind, this.#channel, patience).catch((error) => {
      this.#log.error({ err: error }, 'the commands could not be registered')
    })
  }

  readonly #onInbox = (bot: string) => {
    if (bot === String(this.#bot._id)) this.#resumeSoon()
  }

  /** One look for however many wishes that come while it is under way, and one after it. */
  #resumeSoon(): void {
    this.#wishes++
    if (this.#wishes > 1) return
    this.#inbox
      .resume()
      .catch((error) => this.#log.error({ err: error }, 'the inbox could not be read'))
      .finally(() => {
        const more = this.#wishes > 1
        this.#wishes = 0
        if (more) this.#resumeSoon()
      })
  }

  async #apologise(dialogue: Dialogue, record: UpdateRecord): Promise<void> {
    try {
      await dialogue.apologise(Update.payload(record), AbortSignal.timeout(this.#times.inbox.deadlineMs))
      await this.#alerts.updateDied()
    } catch (error) {
      this.#log.error({ err: error }, 'nobody could be told of a dead update')
    }
  }
}
