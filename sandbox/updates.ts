import type { Update } from 'grammy/types'
import type { Bot, Bots } from './bots.ts'
import { BotApiError } from './failures.ts'
import type { Store } from './store.ts'

export type UpdateContent = Omit<Update, 'update_id'>

/** What a bot gets that never named its `allowed_updates`: everything but these. */
const onlyOnDemand = new Set(['chat_member', 'message_reaction', 'message_reaction_count'])

interface Poller {
  wake(): void
  fail(error: Error): void
}

/** What happened for a bot and was not yet confirmed by it, in order. */
export class Updates {
  readonly #store: Store
  readonly #bots: Bots
  readonly #lastIds = new Map<number, number>()
  readonly #pollers = new Map<number, Poller>()
  readonly #inside = new Map<number, (update: UpdateContent) => void>()
  readonly #insert
  readonly #confirm
  readonly #select
  readonly #fromEnd
  readonly #count

  constructor(store: Store, bots: Bots) {
    this.#store = store
    this.#bots = bots
    this.#insert = store.prepare('INSERT INTO updates VALUES (?, ?, ?)')
    this.#confirm = store.prepare('DELETE FROM updates WHERE bot = ? AND id < ?')
    this.#select = store.prepare('SELECT body FROM updates WHERE bot = ? ORDER BY id LIMIT ?')
    this.#fromEnd = store.prepare('SELECT id FROM updates WHERE bot = ? ORDER BY id DESC LIMIT 1 OFFSET ?')
    this.#count = store.prepare('SELECT count(*) AS n FROM updates WHERE bot = ?')
    for (const row of store.prepare('SELECT bot, max(id) AS id FROM updates GROUP BY bot').iterate())
      this.#lastIds.set(Number(row.bot), Number(row.id))
  }

  /** A bot that lives in the sandbox itself hears its updates here. */
  answerInside(bot: number, handler: (update: UpdateContent) => void): void {
    this.#inside.set(bot, handler)
  }

  add(bot: Bot, kind: keyof UpdateContent, content: UpdateContent): void {
    const inside = this.#inside.get(bot.id)
    if (inside) {
      inside(content)
      return
    }
    const wanted = bot.allowedUpdates?.length ? bot.allowedUpdates.includes(kind) : !onlyOnDemand.has(kind)
    if (!wanted || bot.deleted) return
    const id = Math.max(this.#lastIds.get(bot.id) ?? 0, bot.confirmed) + 1
    this.#store.write(this.#insert, bot.id, id, JSON.stringify({ update_id: id, ...content }))
    this.#lastIds.set(bot.id, id)
    if (this.#pollers.has(bot.id)) this.#store.afterCommit(() => this.#pollers.get(bot.id)?.wake())
  }

  /** Confirms all before `offset`; a negative one keeps that many from the end, as in Telegram. */
  confirm(bot: Bot, offset: number): void {
    const last = Math.max(this.#lastIds.get(bot.id) ?? 0, bot.confirmed)
    const from = offset < 0 ? Number(this.#fromEnd.get(bot.id, -offset - 1)?.id ?? 0) : Math.min(offset, last + 1)
    if (from - 1 <= bot.confirmed) return
    bot.confirmed = from - 1
    this.#store.write(this.#confirm, bot.id, from)
    this.#bots.save(bot)
  }

  /** The oldest updates that wait. */
  waiting(bot: Bot, limit: number): Update[] {
    return this.#select.all(bot.id, limit).map((row) => JSON.parse(String(row.body)))
  }

  count(bot: Bot): number {
    return Number(this.#count.get(bot.id)?.n)
  }

  /** Resolves when an update came, the time is over or the client has gone; a newer poller ends an older one with 409. */
  wait(bot: Bot, seconds: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const poller = { wake: resolve, fail: reject }
    const timer = setTimeout(resolve, seconds * 1000)
    const gone = () => resolve()
    signal.addEventListener('abort', gone, { once: true })
    this.#pollers.set(bot.id, poller)
    return promise.finally(() => {
      clearTimeout(timer)
      signal.removeEventListener('abort', gone)
      if (this.#pollers.get(bot.id) === poller) this.#pollers.delete(bot.id)
    })
  }

  /** Ends the poll that waits, since another one came. */
  takeOver(bot: Bot): void {
    this.#pollers
      .get(bot.id)
      ?.fail(
        new BotApiError(
          409,
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
        ),
      )
  }

  /** Ends the poll of a bot whose token was taken away. */
  endPoll(bot: Bot): void {
    this.#pollers.get(bot.id)?.fail(new BotApiError(401, 'Unauthorized'))
  }

  wakeAll(): void {
    for (const poller of this.#pollers.values()) poller.wake()
  }
}
