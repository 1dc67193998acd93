import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digitsOf, nobody, type Person } from './person.ts'
import { Refusal } from './refusal.ts'

interface Registration {
  key: string
  body: string
  userId: number
  at: number
}

interface Contents {
  nextUserId: number
  people: readonly Person[]
  /** The registrations of the last day that carried an Idempotency-Key. */
  registrations: readonly Registration[]
}

const firstUserId = 1177
const dayMs = 86_400_000

/** The people and the file that holds them. Whoever answers a call waits for `saved()` first. */
export class People {
  readonly #file: string
  #contents: Contents
  #saved = Promise.resolve()
  #queued = false

  /** @throws when the folder holds a file that is no list of people */
  constructor(dir: string, demo: readonly Person[]) {
    mkdirSync(dir, { recursive: true })
    this.#file = join(dir, 'people.json')
    this.#contents = existsSync(this.#file) ? read(this.#file) : contentsOf({ people: demo })
    if (!existsSync(this.#file)) this.#put({})
  }

  /** Resolves when all that has changed so far is in the file. After a write that failed it rejects until a restart. */
  saved(): Promise<void> {
    return this.#saved
  }

  all(): readonly Person[] {
    return this.#contents.people
  }

  /** `127` and `"127"` are one person. */
  byId(userId: string): Person[] {
    return this.all().filter((person) => String(person.userId) === userId)
  }

  byEmail(email: string): Person[] {
    const wanted = email.trim().toLowerCase()
    return this.all().filter((person) => person.email?.toLowerCase() === wanted)
  }

  byPhone(phone: string): Person[] {
    const wanted = digitsOf(phone)
    return wanted ? this.all().filter((person) => person.phone === wanted) : []
  }

  /** @throws Refusal when nobody has this id */
  get(userId: string): Person {
    const [person] = this.byId(userId)
    if (!person) throw new Refusal(404, 'User not found')
    return person
  }

  change(person: Person, changes: Partial<Person>): Person {
    const changed = { ...person, ...changes }
    this.#put({ people: this.all().map((one) => (one === person ? changed : one)) })
    return changed
  }

  delete(person: Person): void {
    this.#put({ people: this.all().filter((one) => one !== person) })
  }

  /** Adds a person; the person and the memory of the key are written together, so that a repeated call adds nobody. */
  add(given: Partial<Person>, key?: string, body = ''): Person {
    const { nextUserId: userId, registrations } = this.#contents
    const person = { ...nobody, ...given, userId }
    const young = registrations.filter(({ at }) => Date.now() - at < dayMs)
    const remembered = key ? [...young, { key, body: hashOf(body), userId, at: Date.now() }] : young
    this.#put({ nextUserId: userId + 1, people: [...this.all(), person], registrations: remembered })
    return person
  }

  /** Who was registered under this key. @throws Refusal when the key came with another body */
  registered(key: string, body: string): number | undefined {
    const known = this.#contents.registrations.find((one) => one.key === key)
    if (known && known.body !== hashOf(body))
      throw new Refusal(422, 'This Idempotency-Key was used with another body', 'Idempotency-Key')
    return known?.userId
  }

  #put(changes: Partial<Contents>): void {
    this.#contents = { ...this.#contents, ...changes }
    if (this.#queued) return
    this.#queued = true
    this.#saved = this.#saved.then(() => this.#write())
    this.#saved.catch(() => undefined)
  }

  /** What changes while this runs shares the next write. */
  async #write(): Promise<void> {
    this.#queued = false
    await writeFile(`${this.#file}.new`, `${JSON.stringify(this.#contents, null, 2)}\n`)
    await rename(`${this.#file}.new`, this.#file)
  }
}

function read(file: string): Contents {
  try {
    return contentsOf(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Error(`${file} is no list of people: mend it, or delete it to begin with the demo people`, { cause })
  }
}

/** A file written by hand may hold `people` alone. */
function contentsOf({ nextUserId, people, registrations = [] }: { people: readonly Person[] } & Partial<Contents>) {
  const whole = people.map((person) => ({ ...nobody, ...person }))
  const highest = whole.reduce((most, { userId }) => Math.max(most, userId), firstUserId - 1)
  return { nextUserId: nextUserId ?? highest + 1, people: whole, registrations }
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex')
}
