import type { Capabilities } from '../channels/channel.ts'
import { localeOf, locales } from '../config/locales.ts'
import type { Logger } from '../config/logger.ts'
import type { BotRecord } from '../models/bot.ts'
import { changes } from '../models/changes.ts'
import { Delivery, type DeliveryRecord } from '../models/delivery.ts'
import { Notification, type SaidNotification } from '../models/notification.ts'
import { storeTime } from '../models/store-clock.ts'
import { noteDown } from './acknowledge.ts'
import { pause } from './clock.ts'
import { compose, type Part } from './compose.ts'
import { type Held, hold } from './hold.ts'
import { finishMerges, gather, isMergeable, sayTogether } from './merge.ts'
import { resumeExpanding } from './notify.ts'
import type { Outbound } from './outbound.ts'
import { isExpired, type Load, Sender, type SenderTimes, senderTimes } from './sender.ts'
import { type Standing, standingsOf, weightOf } from './standing.ts'

export const dispatcherTimes = {
  ...senderTimes,
  /** How often to look for what another process has queued. */
  lookEveryMs: 1_000,
  /** How often to look for sends that nobody finishes. */
  recoverEveryMs: 60_000,
  /** How many due deliveries one query takes. */
  batch: 200,
  /** How many chats may be under way or held by one that is to be tried again; beyond, the messenger is out of order and the rest waits. */
  chatsHeld: 1_000,
}
export type DispatcherTimes = SenderTimes & typeof dispatcherTimes

export type DispatcherOptions = {
  bot: BotRecord
  outbound: Outbound
  capabilities: Capabilities
  log: Logger
  times?: Partial<DispatcherTimes>
}

export type Dispatcher = {
  /** Looks for due deliveries at once. */
  wake(): void
  /** Lets what is being sent finish, for a few seconds at most. Afterwards nothing is marked as being sent. */
  stop(): Promise<void>
}

/** Sends what is due for one bot until it is stopped. Only the process that holds the bot's lease may have one. */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  return new Dispatching(options)
}

const orphanAfterMs = 60_000
/** What is being written for longer has been given up by its writer: the store had failed it. */
const expandingForMs = 10_000

/** A chat's deliveries in the order they fell due, and the work of sending them. */
type ChatLane = { loads: Load[]; work: Promise<void> }

class Dispatching implements Dispatcher {
  readonly #bot: BotRecord
  readonly #capabilities: Capabilities
  readonly #log: Logger
  readonly #times: DispatcherTimes
  readonly #sender: Sender
  readonly #lanes = new Map<number, ChatLane>()
  readonly #halt = new AbortController()
  readonly #work: Promise<void>
  #awake = new AbortController()
  /** Deliveries whose notification is not there yet: passed over until the next look. */
  #unwritten: DeliveryRecord['_id'][] = []
  #recoverAt = 0

  constructor({ bot, outbound, capabilities, log, times }: DispatcherOptions) {
    this.#bot = bot
    this.#capabilities = capabilities
    this.#log = log
    this.#times = { ...dispatcherTimes, ...times }
    this.#sender = new Sender({ bot, outbound, log, times: this.#times })
    changes.on('deliveries', this.#onDue)
    this.#halt.signal.addEventListener('abort', () => this.wake())
    this.#work = this.#dispatch()
  }

  wake(): void {
    // With a reason of our own: without one each wake would make a DOMException with its stack.
    this.#awake.abort('awake')
  }

  async stop(): Promise<void> {
    changes.off('deliveries', this.#onDue)
    this.#halt.abort()
    const callOff = this.#sender.cutOffSoon()
    await this.#work
    await Promise.all([...this.#lanes.values()].map(({ work }) => work))
    callOff()
  }

  readonly #onDue = (bot: string) => {
    if (bot === String(this.#bot._id)) this.wake()
  }

  async #dispatch(): Promise<void> {
    let begun = false
    while (!this.#halt.signal.aborted) {
      this.#awake = new AbortController()
      try {
        await this.#recover()
        // First what was tried before: it goes before the later ones of its chat.
        if (!begun) await this.#open(await Delivery.retrying(this.#bot._id, this.#times.chatsHeld))
        begun = true
        if (await this.#takeDue()) continue
      } catch (error) {
        this.#log.error({ err: error }, 'the due deliveries could not be read')
        await pause(this.#times.lookEveryMs, this.#halt.signal)
      }
      await pause(this.#times.lookEveryMs, this.#awake.signal)
      this.#unwritten = []
    }
  }

  /** Takes one batch. Answers whether there may be more to take at once; else a lane's end or a change wakes us. */
  async #takeDue(): Promise<boolean> {
    const { batch: limit, chatsHeld } = this.#times
    if (this.#lanes.size + limit > chatsHeld) return false
    const busyChats = [...this.#lanes.keys()]
    const due = await Delivery.due(this.#bot._id, { now: storeTime(), busyChats, unwritten: this.#unwritten, limit })
    await this.#open(due)
    return due.length === limit
  }

  /** Begins to send. */
  async #open(due: DeliveryRecord[]): Promise<void> {
    if (due.length === 0) return
    const ids = [...new Map(due.map(({ notification }) => [String(notification), notification])).values()]
    const said = await Notification.contents(ids)
    const known = new Map(said.map((notification) => [String(notification._id), notification]))
    const weighed = due.map((delivery) => ({
      delivery,
      weight: weightOf(known.get(String(delivery.notification)) ?? {}),
    }))
    const standings = await standingsOf(this.#bot._id, weighed)
    const seenAt = performance.now()
    const finished: Promise<unknown>[] = []
    const held: Held[] = []
    const loads: Load[] = []
    for (const [nth, { delivery, weight }] of weighed.entries()) {
      const notification = known.get(String(delivery.notification))
      const standing = standings[nth] ?? 'goes'
      if (!notification && !isOrphan(delivery)) {
        this.#unwritten.push(delivery._id)
        continue
      }
      const state = endOf(delivery, { notification, standing })
      if (state) finished.push(noteDown(delivery, { state, finishedAt: storeTime() }))
      else if (typeof standing === 'object') held.push({ delivery, weight, standing })
      else if (notification) {
        const { content } = notification
        loads.push({ delivery, weight, content, parts: this.#parts(delivery, content), seenAt })
      }
    }
    await Promise.all(finished)
    if (held.length > 0) await hold(this.#bot._id, held)
    const chats = [...Map.groupBy(loads, ({ delivery }) => delivery.chat)]
    await Promise.all(
      chats.map(async ([chat, chatLoads]) => {
        if (!(await this.#merged(chatLoads))) this.#begin(chat, chatLoads)
      }),
    )
  }

  /** Lets what has waited for the end of quiet hours be said together. Then the chat's turn comes with that, which is due before the rest. */
  async #merged(loads: Load[]): Promise<boolean> {
    const texts = loads.filter(({ delivery, content }) => delivery.held === 'quiet' && isMergeable(delivery, content))
    if (texts.length < 2) return false
    await sayTogether(this.#bot, await gather(texts.map(({ delivery }) => delivery)))
    return true
  }

  #parts({ _id, locale }: DeliveryRecord, content: Load['content']): Part[] {
    try {
      return compose(content, { person: locale, bot: localeOf(this.#bot.locale) ?? locales[0] }, this.#capabilities)
    } catch (error) {
      this.#log.error({ err: error, delivery: String(_id) }, 'a delivery could not be put into words')
      return []
    }
  }

  #begin(chat: number, loads: Load[]): void {
    const lane: ChatLane = { loads, work: Promise.resolve() }
    this.#lanes.set(chat, lane)
    lane.work = this.#run(lane).finally(() => {
      this.#lanes.delete(chat)
      this.wake()
    })
  }

  async #run({ loads }: ChatLane): Promise<void> {
    try {
      for (const load of loads) {
        const next = await this.#sender.send(load, this.#halt.signal)
        if (next === 'token is dead') this.#halt.abort()
        if (next !== 'next') return
      }
    } catch (error) {
      // The store failed: what it holds of this chat is taken anew, but not in a hurry.
      this.#log.error({ err: error }, 'a delivery could not be written down')
      await pause(this.#times.lookEveryMs, this.#halt.signal)
    }
  }

  /** Takes up what is marked as being sent although nobody sends it, left by a crash or by a holder that lost its lease; and what was not fully written. */
  async #recover(): Promise<void> {
    if (performance.now() < this.#recoverAt) return
    const marked = await Delivery.sending(this.#bot._id)
    const left = marked.map(({ _id }) => _id).filter((id) => !this.#sender.underWay.has(String(id)))
    if (left.length > 0) {
      this.#log.warn({ deliveries: left.length }, 'sends that nobody finished are taken up')
      await Delivery.recover(left)
    }
    this.#recoverAt = performance.now() + this.#times.recoverEveryMs
    // Last: one that cannot be written in full must not hold up what is due.
    await finishMerges(this.#bot, expandingForMs)
    await resumeExpanding(this.#bot, expandingForMs)
  }
}

/** A delivery whose notification never came: its call broke off, unanswered. Younger ones may be half-way through being written. */
function isOrphan({ dueAt }: DeliveryRecord): boolean {
  return storeTime().getTime() - dueAt.getTime() > orphanAfterMs
}

type End = 'cancelled' | 'expired' | 'stopped'
type Circumstances = {
  notification: Pick<SaidNotification, 'state'> | undefined
  standing: Standing
}

/** How a delivery ends without being sent. What was cancelled while its occurrence was being written may reach us all the same. */
function endOf(delivery: DeliveryRecord, { notification, standing }: Circumstances): End | undefined {
  if (!notification || notification.state === 'cancelled') return 'cancelled'
  if (isExpired(delivery)) return 'expired'
  return standing === 'stopped' || standing === 'cancelled' ? standing : undefined
}
