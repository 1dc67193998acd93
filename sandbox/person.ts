import { openEventStream } from './event-stream.ts'
import type { Person } from './people.ts'
import { PersonChat } from './person-chat.ts'
import { createGroup, findGroup, type MemberName, type PersonGroup } from './person-group.ts'
import { PersonPhone } from './person-phone.ts'
import { callSandbox } from './sandbox-call.ts'
import type { TextMessage } from './text-messages.ts'

/**
 * Somebody in a sandbox, for tests that read like a chat:
 * `const alice = await connectPerson(url, 'Alice')`, `await alice.chat('shop_bot').sends('hello')`.
 * Close it when done.
 */
export interface PersonClient {
  readonly person: Person
  /** The chat with a bot, by its username. */
  chat(username: string): PersonChat
  /** Makes a group with others: bots and people by username, or connected people. */
  group(title: string, others?: { members?: MemberName[] }): Promise<PersonGroup>
  /** The group of this title that the person is in. */
  inGroup(title: string): Promise<PersonGroup>
  /** All SMS that the person's phone ever received, in order. */
  sms(): Promise<TextMessage[]>
  /** The phone, to wait for an SMS: `(await alice.phone.receives(/\d{6}/)).text`. */
  readonly phone: PersonPhone
  close(): Promise<void>
}

/** Takes the id, the first name, the whole name or the username of a person who is there. Only what comes from now on is news. */
export async function connectPerson(url: string, who: number | string): Promise<PersonClient> {
  const people: Person[] = await callSandbox(url, 'GET', '/people')
  const person = people.find((one) => answersTo(one, who))
  if (!person)
    throw new Error(`The sandbox has no ${who}, only ${people.map(({ first_name }) => first_name).join(', ')}`)
  return connect(url, person)
}

/** Adds a person and connects as them. */
export async function addPerson(url: string, given: Partial<Person> & { first_name: string }): Promise<PersonClient> {
  return connect(url, await callSandbox(url, 'POST', '/people', given))
}

async function connect(url: string, person: Person): Promise<PersonClient> {
  const stream = await openEventStream(url, person.id)
  const chats = new Map<string, PersonChat>()
  const connection = { url, person, stream }
  const phone = new PersonPhone(connection)
  return {
    person,
    phone,
    sms: () => phone.messages(),
    chat: (username) => chatOf(username),
    group: (title, { members = [] } = {}) => createGroup(connection, title, members),
    inGroup: (title) => findGroup(connection, title),
    close: () => stream.close(),
  }

  function chatOf(username: string): PersonChat {
    const key = username.replace(/^@/, '').toLowerCase()
    const chat = chats.get(key) ?? new PersonChat(connection, key)
    chats.set(key, chat)
    return chat
  }
}

function answersTo(person: Person, who: number | string): boolean {
  if (typeof who === 'number') return person.id === who
  const names = [person.first_name, `${person.first_name} ${person.last_name}`, person.username]
  return names.some((name) => name?.toLowerCase() === who.replace(/^@/, '').toLowerCase())
}
