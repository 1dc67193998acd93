import { randomInt } from 'node:crypto'
import type { User } from 'grammy/types'
import { normalizeUsername } from '../bot-api/usernames.ts'
import type { Store } from './store.ts'

/** Somebody who uses the messenger; `phone` in international form with `+`. */
export interface Person {
  id: number
  first_name: string
  last_name?: string
  username?: string
  phone: string
  language_code: string
}

const firstId = 5_000_000_001

export class People {
  readonly #byId = new Map<number, Person>()
  readonly #store: Store
  readonly #save

  constructor(store: Store) {
    this.#store = store
    this.#save = store.prepare('INSERT OR REPLACE INTO people VALUES (?, ?)')
    for (const row of store.prepare('SELECT body FROM people ORDER BY id').all()) {
      const person: Person = JSON.parse(String(row.body))
      this.#byId.set(person.id, person)
    }
    if (this.#byId.size > 0) return
    this.add({ first_name: 'Alice', last_name: 'Admin', username: 'alice', language_code: 'en' })
    this.add({ first_name: 'Umid', last_name: 'User', username: 'umid', language_code: 'uz' })
  }

  add(given: { first_name: string } & Partial<Omit<Person, 'id'>>): Person {
    const id = firstId + this.#byId.size
    const person = { id, language_code: 'en', phone: this.#freePhone(), ...given }
    this.#byId.set(id, person)
    this.#store.write(this.#save, id, JSON.stringify(person))
    return person
  }

  get(id: number): Person | undefined {
    return this.#byId.get(id)
  }

  all(): Person[] {
    return [...this.#byId.values()]
  }

  hasUsername(username: string): boolean {
    return this.byUsername(username) !== undefined
  }

  /** Takes a username as people write it: with `@`, in any letter case. */
  byUsername(username: string): Person | undefined {
    const wanted = normalizeUsername(username)
    return this.all().find((person) => person.username?.toLowerCase() === wanted)
  }

  hasPhone(phone: string): boolean {
    return this.byPhone(phone) !== undefined
  }

  /** Takes the digits with or without `+`. */
  byPhone(phone: string): Person | undefined {
    const wanted = `+${phone.replace('+', '')}`
    return this.all().find((person) => person.phone === wanted)
  }

  /** No country has the code 999, so it is nobody's. */
  #freePhone(): string {
    for (;;) {
      const phone = `+99955${String(randomInt(10_000_000)).padStart(7, '0')}`
      if (!this.hasPhone(phone)) return phone
    }
  }
}

/** A person as a bot sees them: Telegram's User, without the phone. */
export function asUser({ id, first_name, last_name, username, language_code }: Person): User {
  return {
    id,
    is_bot: false,
    first_name,
    ...(last_name && { last_name }),
    ...(username && { username }),
    language_code,
  }
}
