import { setTimeout as pause } from 'node:timers/promises'
import { mongo, type Types } from 'mongoose'
import type { ChannelEvent } from '../channels/channel.ts'
import type { Logger } from '../config/logger.ts'
import { Update, type UpdateRecord } from '../models/update.ts'
import { Lanes } from './lanes.ts'

export type InboxTimes = {
  /** How long one update may take; then its signal aborts and its state is not written. */
  deadlineMs: number
  /** Pauses before the second and the third attempt. When the third fails an update is dead. */
  retryPausesMs: readonly number[]
  /** How often to look for what other processes have stored, or put back. */
  lookEveryMs: number
}
export const inboxTimes: InboxTimes = { deadlineMs: 60_000, retryPausesMs: [500, 3_000], lookEveryMs: 1_000 }

/**
 * How often an update may be begun in all. It is more than may fail: a process that dies leaves all that it was
 * applying begun, and most of
 * that is innocent of its death.
 */
const mostAttempts = 10

/** Pauses while the store is away. */
const storePausesMs = { first: 100, longest: 10_000 }

export type InboxHooks = {
  handle(record: UpdateRecord, signal: AbortSignal): Promise<void>
  /** An update failed for the last time. It must not reject. */
  onDead(record: UpdateRecord): Promise<void>
}

/** Updates of one bot on their way from the store through the lanes of their chats. */
export class Inbox {
  readonly #bot: Types.ObjectId
  readonly #hooks: InboxHooks
  readonly #log: Logger
  readonly #times: InboxTimes
  readonly #lanes = new Lanes()
  readonly #queued = new Set<string>()
  readonly #abandoned = new AbortController()
  #closed = false

  constructor(bot: Types.ObjectId, hooks: InboxHooks, log: Logger, times: InboxTimes) {
    this.#bot = bot
    this.#hooks = hooks
    this.#log = log
    this.#times = times
  }

  /**
   * Stores a channel's events, refusing what was stored before, and hands them to their lanes. A repeat may be of an
   * insert that was
   * applied though it seemed to fail: so what lies in the store is looked through then.
   */
  async take(events: ChannelEvent[]): Promise<void> {
    const records = await Update.take(this.#bot, events, 1)
    for (const record of records) this.#enqueue(record, 1)
    if (records.length < events.length) await this.resume()
  }

  /**
   * Hands over what lies in the store and is not done: after a start, or because it was stored from within or by
   * another process.
   */
  async resume(pageSize = 1000): Promise<void> {
    for (;;) {
      // Not until the lanes are empty: one slow chat would hold up all that is in no lane yet.
      await this.room(pageSize)
      const most = this.#queued.size + pageSize
      const page = await Update.open(this.#bot, most)
      const unseen = page.filter((id) => !this.#queued.has(String(id)))
      for (const record of inOrder(await Update.among(unseen))) this.#enqueue(record)
      if (page.length < most || this.#closed) return
    }
  }

  /** Resolves when there is room for more: who takes in faster than the lanes work fills the memory. */
  async room(most = 2000): Promise<void> {
    while (this.#queued.size > most && !this.#closed) await pause(50)
  }

  /** Lets what is under way end; what has not begun stays in the store. */
  async drain(): Promise<void> {
    this.#closed = true
    await this.#lanes.drained()
  }

  /** The bot is another process's now: what is under way is broken off, and judged there. */
  abandon(): void {
    this.#closed = true
    this.#abandoned.abort(new Error('The bot is run by another process'))
  }

  /** `attempt` is the one that was counted already. */
  #enqueue(record: UpdateRecord, attempt?: 1): void {
    const id = String(record._id)
    if (this.#closed || this.#queued.has(id)) return
    this.#queued.add(id)
    this.#lanes.push(record.lane ?? '', () => this.#process(record, attempt).finally(() => this.#queued.delete(id)))
  }

  /**
   * Returns when the update is done or dead, or the inbox closed: a lane that passed it by would give it to a later
   * question.
   */
  async #process(record: UpdateRecord, counted?: number): Promise<void> {
    const { retryPausesMs } = this.#times
    let failures = 0
    for (let next = counted; !this.#closed; next = undefined) {
      const attempt = next ?? (await this.#insist(() => Update.attempt(record._id)))
      // Abandoned while it was counted, it would wait for its deadline in vain.
      if (attempt === undefined || this.#abandoned.signal.aborted) return
      const isDeadly = attempt > mostAttempts
      const error = isDeadly ? new Error('Processes died while applying it') : await this.#try(record)
      if (!error) return this.#insist(() => Update.done(record._id))
      if (this.#abandoned.signal.aborted) return
      this.#log.error({ err: error, update: record.eventId, chat: record.lane, attempt }, 'an update failed')
      if (isStoreFailure(error)) await this.#insist(() => Update.forgive(record._id))
      else if (isDeadly || failures++ >= retryPausesMs.length) return this.#bury(record, error)
      await pause(retryPausesMs[failures - 1] ?? storePausesMs.first)
    }
  }

  /** Repeats what only the store can refuse until it is done, or the inbox closes. */
  async #insist<T>(work: () => Promise<T>): Promise<T | undefined> {
    for (let pauseMs = storePausesMs.first; !this.#closed; pauseMs = Math.min(pauseMs * 2, storePausesMs.longest)) {
      try {
        return await work()
      } catch (error) {
        this.#log.error({ err: error }, 'the store did not take how an update stands')
        await pause(pauseMs)
      }
    }
    return undefined
  }

  /**
   * Answers the error, or undefined when all went well. At the deadline, or abandoned, the signal aborts, and the
   * lane moves on.
   */
  async #try(record: UpdateRecord): Promise<unknown> {
    const deadline = new AbortController()
    const { promise: late, reject } = Promise.withResolvers<never>()
    const breakOff = (error: Error) => {
      deadline.abort(error)
      reject(error)
    }
    const { signal: abandoned } = this.#abandoned
    const onAbandoned = () => breakOff(abandoned.reason)
    abandoned.addEventListener('abort', onAbandoned)
    const { deadlineMs } = this.#times
    const timer = setTimeout(() => breakOff(new Error(`An update took longer than ${deadlineMs} ms`)), deadlineMs)
    try {
      await Promise.race([this.#hooks.handle(record, deadline.signal), late])
      return undefined
    } catch (error) {
      return error ?? new Error('An update failed without an error')
    } finally {
      clearTimeout(timer)
      abandoned.removeEventListener('abort', onAbandoned)
    }
  }

  async #bury(record: UpdateRecord, error: unknown): Promise<void> {
    await this.#insist(() => Update.bury(record._id, error instanceof Error ? error.name : 'Error'))
    await this.#hooks.onDead(record)
  }
}

/** The store was away: that says nothing of the update. */
function isStoreFailure(error: unknown): boolean {
  return error instanceof mongo.MongoNetworkError || error instanceof mongo.MongoServerSelectionError
}

/**
 * Several processes may have stored one chat's updates within the same second, in which their records' ids say
 * nothing of the order: a
 * messenger's own numbers do, so the places of those that have one are dealt out by it.
 */
function inOrder(records: UpdateRecord[]): UpdateRecord[] {
  const numbered = records.filter(isNumbered).sort((one, other) => Number(one.eventId) - Number(other.eventId))
  return records.map((record) => (isNumbered(record) ? (numbered.shift() ?? record) : record))
}

function isNumbered({ eventId }: UpdateRecord): boolean {
  return /^\d+$/.test(eventId)
}
