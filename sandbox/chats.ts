import type { ReplyKeyboardMarkup } from 'grammy/types'
import type { Store } from './store.ts'

/** The private chat of a person with a bot. */
export interface Chat {
  bot: number
  person: number
  started: boolean
  /** The person blocked the bot. */
  stopped: boolean
  keyboard?: ReplyKeyboardMarkup
  /** The newest message that the person has read. */
  read: number
  /** Orders a person's chats: the place of the last message among all messages. */
  lastSeq: number
}

export class Chats {
  readonly #byPerson = new Map<number, Map<number, Chat>>()
  readonly #store: Store
  readonly #save

  constructor(store: Store) {
    this.#store = store
    this.#save = store.prepare('INSERT OR REPLACE INTO chats VALUES (?, ?, ?)')
    const last = store.prepare('SELECT seq FROM messages WHERE owner = ? AND chat = ? ORDER BY id DESC LIMIT 1')
    for (const row of store.prepare('SELECT body FROM chats').all()) {
      const chat: Chat = JSON.parse(String(row.body))
      chat.lastSeq = Number(last.get(chat.bot, chat.person)?.seq ?? 0)
      this.#of(chat.person).set(chat.bot, chat)
    }
  }

  get(bot: number, person: number): Chat | undefined {
    return this.#byPerson.get(person)?.get(bot)
  }

  /** The chat, made when the person opens it for the first time. */
  open(bot: number, person: number): Chat {
    const known = this.get(bot, person)
    if (known) return known
    const chat: Chat = { bot, person, started: false, stopped: false, read: 0, lastSeq: 0 }
    this.#of(person).set(bot, chat)
    return chat
  }

  /** The chats of a person, latest first. */
  of(person: number): Chat[] {
    return [...this.#of(person).values()].sort((a, b) => b.lastSeq - a.lastSeq)
  }

  withBot(bot: number): Chat[] {
    return [...this.#byPerson.values()].flatMap((chats) => chats.get(bot) ?? [])
  }

  save(chat: Chat): void {
    this.#store.write(this.#save, chat.bot, chat.person, JSON.stringify(chat))
  }

  #of(person: number): Map<number, Chat> {
    const chats = this.#byPerson.get(person) ?? new Map<number, Chat>()
    this.#byPerson.set(person, chats)
    return chats
  }
}
