import type { Store } from './store.ts'

/** An SMS on a person's phone; `date` in seconds since 1970, `id` its place among all SMS. */
export interface TextMessage {
  id: number
  text: string
  date: number
}

/** The SMS that the phones of the people have received. */
export class TextMessages {
  readonly #store: Store
  readonly #insert
  readonly #newer
  readonly #all
  #lastId: number

  constructor(store: Store) {
    this.#store = store
    this.#insert = store.prepare('INSERT INTO sms (id, person, body) VALUES (?, ?, ?)')
    this.#newer = store.prepare('SELECT id, body FROM sms WHERE person = ? AND id > ? ORDER BY id')
    this.#all = store.prepare('SELECT id, person, body FROM sms WHERE id > ? ORDER BY id')
    this.#lastId = Number(store.prepare('SELECT max(id) AS id FROM sms').get()?.id ?? 0)
  }

  add(person: number, text: string): TextMessage {
    const id = ++this.#lastId
    const body = { text, date: Math.floor(Date.now() / 1000) }
    this.#store.write(this.#insert, id, person, JSON.stringify(body))
    return { id, ...body }
  }

  of(person: number, after: number): TextMessage[] {
    return this.#newer.all(person, after).map((row) => ({ id: Number(row.id), ...JSON.parse(String(row.body)) }))
  }

  all(after: number): (TextMessage & { person: number })[] {
    return this.#all
      .all(after)
      .map((row) => ({ id: Number(row.id), person: Number(row.person), ...JSON.parse(String(row.body)) }))
  }
}
