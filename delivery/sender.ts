import type { Logger } from '../config/logger.ts'
import { batched } from '../models/batched.ts'
import type { BotRecord } from '../models/bot.ts'
import { changes } from '../models/changes.ts'
import { Chat } from '../models/chat.ts'
import { Delivery, type DeliveryRecord } from '../models/delivery.ts'
import type { Content } from '../models/notification.ts'
import { Person } from '../models/person.ts'
import { storeTime } from '../models/store-clock.ts'
import { Update } from '../models/update.ts'
import { noteDown } from './acknowledge.ts'
import { pause } from './clock.ts'
import type { Part } from './compose.ts'
import { hold } from './hold.ts'
import type { Outbound } from './outbound.ts'
import { judge, type Outcome } from './outcome.ts'
import { Slots } from './slots.ts'
import { standingsOf, type Weighed } from './standing.ts'

export const senderTimes = {
  /** How long a messenger may take to answer before its answer counts as lost. */
  answerWithinMs: 30_000,
  /** How long a send that is under way at a stop may still take. */
  graceMs: 5_000,
  holdMs: 250,
  /** For so long it counts that a person was seen to want what is sent. */
  trustMs: 1_000,
  chatsAtOnce: 30,
  attempts: 8,
  /** The pause before the n-th repeat: 2 s, 6 s, 18 s … 10 min, spread so that not all come back together. */
  pauseBefore: (repeat: number) => Math.min(600_000, 2_000 * 3 ** (repeat - 1)) * (0.75 + Math.random() / 2),
}
export type SenderTimes = typeof senderTimes

/** The budget's spare in a second: a turn that is older when its request leaves may meet the next second's. */
const staleAfterMs = 30

/** A delivery, what it says, the calls that say it, and when its person was last seen to want it, by `performance`. */
export type Load = Weighed & { content: Content; parts: Part[]; seenAt: number }

type Fields = Partial<DeliveryRecord>

/** Sends one bot's deliveries, each through all of its tries. */
export class Sender {
  readonly #bot: BotRecord
  readonly #outbound: Outbound
  readonly #log: Logger
  readonly #times: SenderTimes
  readonly #slots: Slots
  readonly #cutOff = new AbortController()
  /** The deliveries that this process is busy with. */
  readonly underWay = new Set<string>()

  constructor(parts: { bot: BotRecord; outbound: Outbound; log: Logger; times: SenderTimes }) {
    this.#bot = parts.bot
    this.#outbound = parts.outbound
    this.#log = parts.log
    this.#times = parts.times
    this.#slots = new Slots(parts.times.chatsAtOnce)
  }

  /** Gives sends that are under way a little time, then counts their answers as lost. */
  cutOffSoon(): () => void {
    const timer = setTimeout(() => this.#cutOff.abort(), this.#times.graceMs)
    return () => clearTimeout(timer)
  }

  /**
   * Sends a delivery until it is finished, or until `halt` aborts. Answers whether the chat's next one may follow:
   * not when the person
   * has stopped the bot, nor when all must halt, since the token is dead.
   */
  async send(load: Load, halt: AbortSignal): Promise<'next' | 'leave chat' | 'token is dead'> {
    const id = String(load.delivery._id)
    this.underWay.add(id)
    try {
      return await this.#tryUntilDone(load, halt)
    } finally {
      this.underWay.delete(id)
    }
  }

  async #tryUntilDone(load: Load, halt: AbortSignal): Promise<'next' | 'leave chat' | 'token is dead'> {
    const { delivery } = load
    while (await this.#mayWant(load, halt)) {
      const outcome = await this.#slots.use(async () =>
        (await this.#mayGo(load, halt)) ? this.#tryPart(load, halt) : 'over',
      )
      if (outcome === 'over') break
      if (outcome === 'cancelled') return 'next'
      const fields = await this.#fieldsAfter(outcome, load, halt)
      if (!fields) return 'leave chat'
      await this.#note(delivery, fields)
      if (outcome.step === 'token is dead') return 'token is dead'
      if (fields.state !== 'queued') break
    }
    return halt.aborted || delivery.state === 'stopped' ? 'leave chat' : 'next'
  }

  /** Waits for its date, and until its chat and the lease would let it go. False when all halted before. */
  async #mayWant(load: Load, halt: AbortSignal): Promise<boolean> {
    const { delivery } = load
    const early = delivery.nextAt.getTime() - storeTime().getTime()
    if (early > 0) {
      await pause(early, halt)
      load.seenAt = Number.NEGATIVE_INFINITY
    }
    await this.#outbound.chatRested(delivery.chat, halt)
    while (!this.#outbound.mayStillSend() && !halt.aborted) await pause(this.#times.holdMs, halt)
    return !halt.aborted
  }

  /**
   * With a slot, the last wait before the request: a turn that were counted sooner would go out late, together with
   * those of its time.
   */
  async #mayGo(load: Load, halt: AbortSignal): Promise<boolean> {
    const { delivery } = load
    if (performance.now() - load.seenAt > this.#times.trustMs && !(await this.#isWanted(load))) return false
    if (!(await this.#turn(delivery, halt))) return false
    return isExpired(delivery) ? this.#finish(delivery, { state: 'expired' }) : true
  }

  /** Looks at its person, or its group, anew; writes down why it does not go now, if so. */
  async #isWanted(load: Load): Promise<boolean> {
    const [standing] = await standingsOf(this.#bot._id, [load])
    load.seenAt = performance.now()
    if (standing === 'stopped' || standing === 'cancelled') return this.#finish(load.delivery, { state: standing })
    if (typeof standing === 'object') await hold(this.#bot._id, [{ ...load, standing }])
    return standing === 'goes'
  }

  /** Answers whether its turn came before all halted. */
  async #turn({ chat }: DeliveryRecord, halt: AbortSignal): Promise<boolean> {
    try {
      await this.#outbound.turn(chat, halt)
      return true
    } catch (error) {
      if (halt.aborted) return false
      throw error
    }
  }

  async #finish(delivery: DeliveryRecord, fields: Fields): Promise<false> {
    await this.#note(delivery, { ...fields, finishedAt: storeTime() })
    return false
  }

  async #tryPart({ delivery, parts }: Load, halt: AbortSignal): Promise<Outcome | 'cancelled'> {
    const part = parts[delivery.partsOut]
    if (!part) return { step: 'finish', state: 'failed', error: 'There is nothing to say' }
    const turnAt = performance.now()
    const marking = await markSending(delivery._id)
    if (!marking) return 'cancelled'
    delivery.marking = marking
    // A slow store must not make turns of several seconds leave at once.
    const stale = performance.now() - turnAt > staleAfterMs
    if (stale && !(await this.#turn(delivery, halt))) return { step: 'put back' }
    const patience = AbortSignal.any([AbortSignal.timeout(this.#times.answerWithinMs), this.#cutOff.signal])
    const answer = await this.#outbound.deliver(part.method, { chat_id: delivery.chat, ...part.payload }, patience)
    return judge(answer, delivery)
  }

  /**
   * What to write down. Undefined: the lease is in doubt until the end, so the record is its next holder's to judge.
   */
  async #fieldsAfter(
    outcome: Outcome,
    { delivery, content, parts }: Load,
    halt: AbortSignal,
  ): Promise<Fields | undefined> {
    switch (outcome.step) {
      case 'part is out': {
        const messageIds = [...delivery.messageIds, ...(outcome.messageId === undefined ? [] : [outcome.messageId])]
        const partsOut = delivery.partsOut + 1
        if (partsOut < parts.length) return { state: 'queued', partsOut, messageIds }
        await this.#enterScene(delivery, content)
        return {
          state: 'sent',
          partsOut,
          messageIds,
          attempts: delivery.attempts + 1,
          error: null,
          finishedAt: storeTime(),
        }
      }
      case 'put back':
        while (!this.#outbound.mayStillSend() && !halt.aborted) await pause(this.#times.holdMs, halt)
        return this.#outbound.mayStillSend() ? { state: 'queued' } : undefined
      case 'token is dead':
        return { state: 'queued' }
      case 'try again':
        return this.#triedInVain(delivery, outcome)
      case 'finish':
        if (outcome.state === 'stopped') await this.#shutOut(delivery)
        return { state: outcome.state, error: outcome.error, attempts: delivery.attempts + 1, finishedAt: storeTime() }
    }
  }

  /** The messenger lets the bot write there no more. */
  async #shutOut({ personId, chat }: DeliveryRecord): Promise<void> {
    if (personId == null) await Chat.leave(this.#bot._id, chat)
    else await Person.stop(this.#bot._id, personId, 'in-messenger')
  }

  #triedInVain(delivery: DeliveryRecord, { error, possibleDuplicate }: Outcome & { step: 'try again' }): Fields {
    const attempts = delivery.attempts + 1
    const possibleDuplicates = delivery.possibleDuplicates + (possibleDuplicate ? 1 : 0)
    if (attempts >= this.#times.attempts) return { state: 'dead', attempts, error, finishedAt: storeTime() }
    const nextAt = new Date(storeTime().getTime() + this.#times.pauseBefore(attempts))
    return { state: 'queued', attempts, possibleDuplicates, error, nextAt }
  }

  /**
   * Stored before the delivery counts as sent: a crash in between repeats the message, but never loses the scene, nor
   * enters it twice.
   */
  async #enterScene({ _id, chat, personId }: DeliveryRecord, content: Content): Promise<void> {
    if (!content.then || personId == null) return
    const { then, remind, giveUp, format } = content
    const following = {
      ...(remind && { remind }),
      ...(giveUp && { giveUp }),
      ...((remind || giveUp) && format && { format }),
    }
    const enter = { ...then, ...following }
    await Update.store(this.#bot._id, [
      { eventId: `then:${_id}`, lane: String(chat), payload: { enter, chat, personId } },
    ])
    changes.emit('inbox', String(this.#bot._id))
  }

  async #note(delivery: DeliveryRecord, fields: Fields): Promise<void> {
    await noteDown(delivery, fields)
    Object.assign(delivery, fields)
    if (fields.error) {
      const { _id, chat, state, attempts, error } = delivery
      this.#log.warn({ delivery: String(_id), chat, state, attempts, error }, 'a delivery met an obstacle')
    }
  }
}

export function isExpired({ expiresAt }: DeliveryRecord, now = storeTime().getTime()): boolean {
  return expiresAt != null && expiresAt.getTime() <= now
}

const markSending = batched(async (ids: DeliveryRecord['_id'][]) => {
  const { marking, marked } = await Delivery.markSending(ids)
  return ids.map((id) => (marked.has(String(id)) ? marking : undefined))
})
