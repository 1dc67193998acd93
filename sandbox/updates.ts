import type { Chat, Update, User } from 'grammy/types'
import type { Bot, Bots } from './bots.ts'
import type { BotApiError } from './failures.ts'
import type { Store } from './store.ts'

export type UpdateContent = Omit<Update, 'update_id'>

/** What a bot gets that never named its `allowed_updates`: everything but these. */
const onlyOnDemand = new Set(['chat_member', 'message_reaction', 'message_reaction_count'])

/** An update that waits, and the chat in whose order it stands. */
export interface UpdateLine {
  id: number
  chat: number
}

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
  readonly #feeds = new Map<number, (line: UpdateLine) => void>()
  readonly #inside = new Map<number, (update: UpdateContent) => void>()
  readonly #insert
  readonly #confirm
  readonly #select
  readonly #fromEnd
  readonly #count
  readonly #one
  readonly #first
  readonly #remove

  constructor(store: Store, bots: Bots) {
    this.#store = store
    this.#bots = bots
    this.#insert = store.prepare('INSERT INTO updates VALUES (?, ?, ?)')
    this.#confirm = store.prepare('DELETE FROM updates WHERE bot = ? AND id < ?')
    this.#select = store.prepare('SELECT body FROM updates WHERE bot = ? ORDER BY id LIMIT ?')
    this.#fromEnd = store.prepare('SELECT id FROM updates WHERE bot = ? ORDER BY id DESC LIMIT 1 OFFSET ?')
    this.#count = store.prepare('SELECT count(*) AS n FROM updates WHERE bot = ?')
    this.#one = store.prepare('SELECT body FROM updates WHERE bot = ? AND id = ?')
    this.#first = store.prepare('SELECT id FROM updates WHERE bot = ? ORDER BY id LIMIT 1')
    this.#remove = store.prepare('DELETE FROM updates WHERE bot = ? AND id = ?')
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
    if (this.#feeds.has(bot.id)) this.#store.afterCommit(() => this.#feeds.get(bot.id)?.({ id, chat: chatOf(content) }))
    if (this.#pollers.has(bot.id)) this.#store.afterCommit(() => this.#pollers.get(bot.id)?.wake())
  }

  /** Confirms all before `offset`; a negative one keeps that many from the end, as in Telegram. */
  confirm(bot: Bot, offset: number): void {
    const last = Math.max(this.#lastIds.get(bot.id) ?? 0, bot.confirmed)
    const from = offset < 0 ? Number(this.#fromEnd.get(bot.id, -offset - 1)?.id ?? 0) : Math.min(offset, last + 1)
    const first = this.#first.get(bot.id)
    if (!first || Number(first.id) >= from) return
    this.#store.write(this.#confirm, bot.id, from)
    this.#raise(bot, from - 1)
  }

  /** One update was taken by the bot's webhook; others, older ones too, may still wait. */
  remove(bot: Bot, id: number): void {
    this.#store.write(this.#remove, bot.id, id)
    // The newest row keeps the numbering over a restart; without it the bot has to.
    if (id === this.#lastIds.get(bot.id)) this.#raise(bot, id)
  }

  /** The oldest updates that wait. */
  waiting(bot: Bot, limit: number): Update[] {
    return this.#select.all(bot.id, limit).map((row) => JSON.parse(String(row.body)))
  }

  /** All that wait, oldest first. */
  lines(bot: Bot): UpdateLine[] {
    return this.#select.all(bot.id, -1).map((row) => {
      const { update_id, ...content }: Update = JSON.parse(String(row.body))
      return { id: update_id, chat: chatOf(content) }
    })
  }

  /** An update as it is sent, JSON; undefined if it waits no more. */
  text(bot: Bot, id: number): string | undefined {
    const row = this.#one.get(bot.id, id)
    return row && String(row.body)
  }

  /** From now on `take` hears of every update of the bot once it is stored. */
  feed(bot: Bot, take: (line: UpdateLine) => void): void {
    this.#feeds.set(bot.id, take)
  }

  endFeed(bot: Bot): void {
    this.#feeds.delete(bot.id)
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

  /** Ends the poll that waits, if one does, with this error. */
  endPoll(bot: Bot, error: BotApiError): void {
    this.#pollers.get(bot.id)?.fail(error)
  }

  #raise(bot: Bot, id: number): void {
    if (id <= bot.confirmed) return
    bot.confirmed = id
    this.#bots.save(bot)
  }
}

function chatOf(content: UpdateContent): number {
  const [what] = Object.values(content) as { chat?: Chat; message?: { chat: Chat }; from?: User }[]
  return what?.chat?.id ?? what?.message?.chat.id ?? what?.from?.id ?? 0
}
