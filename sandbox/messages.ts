import type { Message } from 'grammy/types'
import type { Store } from './store.ts'

export interface SentLine {
  seq: number
  message_id: number
  chat_id: number
  date: number
  text: string
}

/**
 * The messages of all chats. Their numbering belongs to an owner: in a private chat the bot, as a Telegram account numbers
 * the messages of all its private chats in one row. Only the counters are kept in memory.
 */
export class Messages {
  readonly #store: Store
  readonly #lastIds = new Map<number, number>()
  readonly #insert
  readonly #update
  readonly #delete
  readonly #one
  readonly #newer
  readonly #latest
  readonly #unread
  readonly #sent
  #lastSeq: number

  constructor(store: Store) {
    this.#store = store
    this.#insert = store.prepare('INSERT INTO messages (seq, owner, chat, id, sender, body) VALUES (?, ?, ?, ?, ?, ?)')
    this.#update = store.prepare(
      'UPDATE messages SET body = ?, first_text = coalesce(first_text, ?) WHERE owner = ? AND chat = ? AND id = ?',
    )
    this.#delete = store.prepare('UPDATE messages SET deleted = 1 WHERE owner = ? AND chat = ? AND id = ?')
    const of = 'FROM messages WHERE owner = ? AND chat = ? AND deleted = 0'
    this.#one = store.prepare(`SELECT body ${of} AND id = ?`)
    this.#newer = store.prepare(`SELECT body ${of} AND id > ? ORDER BY id`)
    this.#latest = store.prepare(`SELECT body ${of} ORDER BY id DESC LIMIT ?`)
    this.#unread = store.prepare(`SELECT count(*) AS n ${of} AND id > ? AND sender <> ?`)
    this.#sent = store.prepare(
      'SELECT seq, chat, id, body, first_text FROM messages WHERE sender = ? AND seq > ? ORDER BY seq',
    )
    this.#lastSeq = Number(store.prepare('SELECT max(seq) AS seq FROM messages').get()?.seq ?? 0)
    for (const row of store.prepare('SELECT owner, max(id) AS id FROM messages GROUP BY owner').iterate())
      this.#lastIds.set(Number(row.owner), Number(row.id))
  }

  /** Gives the message its number and stores it; answers with its place among all messages. */
  add(
    owner: number,
    chat: number,
    sender: number,
    message: Omit<Message, 'message_id'>,
  ): { message: Message; seq: number } {
    const id = (this.#lastIds.get(owner) ?? 0) + 1
    const numbered = { message_id: id, ...message } as Message
    const seq = ++this.#lastSeq
    this.#store.write(this.#insert, seq, owner, chat, id, sender, JSON.stringify(numbered))
    this.#lastIds.set(owner, id)
    return { message: numbered, seq }
  }

  /** Numbers the messages of a new chat on from those of the one it follows. */
  continueNumbering(from: number, to: number): void {
    this.#lastIds.set(to, this.#lastIds.get(from) ?? 0)
  }

  replace(owner: number, chat: number, before: Message, after: Message): void {
    const firstText = before.text ?? before.caption ?? ''
    this.#store.write(this.#update, JSON.stringify(after), firstText, owner, chat, before.message_id)
  }

  delete(owner: number, chat: number, id: number): void {
    this.#store.write(this.#delete, owner, chat, id)
  }

  get(owner: number, chat: number, id: number): Message | undefined {
    const row = this.#one.get(owner, chat, id)
    return row && JSON.parse(String(row.body))
  }

  newerThan(owner: number, chat: number, id: number): Message[] {
    return this.#newer.all(owner, chat, id).map((row) => JSON.parse(String(row.body)))
  }

  latest(owner: number, chat: number, count: number): Message[] {
    return this.#latest
      .all(owner, chat, count)
      .map((row) => JSON.parse(String(row.body)))
      .reverse()
  }

  /** What others wrote after the message that the person has read. */
  countUnread(owner: number, chat: number, { id, read }: { id: number; read: number }): number {
    return Number(this.#unread.get(owner, chat, read, id)?.n)
  }

  /** Everything an account ever sent after a place in the row, deleted ones too, with the text as it was first sent. */
  sentBy(sender: number, after: number): SentLine[] {
    return this.#sent.all(sender, after).map((row) => {
      const { date, text, caption }: Message = JSON.parse(String(row.body))
      const firstText = row.first_text === null ? (text ?? caption ?? '') : String(row.first_text)
      return { seq: Number(row.seq), message_id: Number(row.id), chat_id: Number(row.chat), date, text: firstText }
    })
  }
}
