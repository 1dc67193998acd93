import { ChatClient, type Connection } from './chat-client.ts'
import type { GroupView } from './chat-view.ts'
import { callSandbox } from './sandbox-call.ts'

/** Whom a test names in a group: a bot or a person by username, somebody by id, or a connected person. */
export type MemberName = string | number | { person: { id: number } }

/** A group as one of its members sees it. */
export class PersonGroup extends ChatClient<GroupView> {
  readonly #connection: Connection
  readonly #id: () => number

  constructor(connection: Connection, { id, title }: GroupView['peer']) {
    let current = id
    const follow = () => {
      const moved = connection.stream.messagesWith(current).find(({ migrate_to_chat_id }) => migrate_to_chat_id)
      current = moved?.migrate_to_chat_id ?? current
      return current
    }
    super(connection, { name: `the group “${title}”`, peer: async () => follow() })
    this.#connection = connection
    this.#id = follow
  }

  /** The id by which bots know the chat; another one once it is a supergroup. */
  get id(): number {
    return this.#id()
  }

  async adds(member: MemberName): Promise<GroupView> {
    return this.post('/members', { member: memberRef(member) })
  }

  async removes(member: MemberName): Promise<void> {
    await this.call('DELETE', `/members/${await this.#idOf(member)}`)
  }

  async leaves(): Promise<void> {
    await this.removes(this.#connection.person.id)
  }

  async promotes(member: MemberName): Promise<GroupView> {
    return this.call('PUT', `/members/${await this.#idOf(member)}`, { administrator: true })
  }

  async demotes(member: MemberName): Promise<GroupView> {
    return this.call('PUT', `/members/${await this.#idOf(member)}`, { administrator: false })
  }

  async renames(title: string): Promise<GroupView> {
    return this.call('PATCH', '', { title })
  }

  /** Makes it a supergroup, with another id. */
  async migrates(): Promise<GroupView> {
    const view: GroupView = await this.post('/migrate', {})
    await this.sees('supergroup now')
    return view
  }

  async #idOf(member: MemberName): Promise<number> {
    const wanted = memberRef(member)
    if (typeof wanted === 'number') return wanted
    const username = wanted.replace('@', '').toLowerCase()
    const found = (await this.view()).members.find((one) => one.username?.toLowerCase() === username)
    if (!found) throw new Error(`${wanted} is not in the group`)
    return found.id
  }
}

export async function createGroup(connection: Connection, title: string, members: MemberName[]): Promise<PersonGroup> {
  const { url, person } = connection
  const body = { title, members: members.map(memberRef) }
  const { peer } = await callSandbox<GroupView>(url, 'POST', `/people/${person.id}/groups`, body)
  return new PersonGroup(connection, peer)
}

/** The group of this title that the person is in. */
export async function findGroup(connection: Connection, title: string): Promise<PersonGroup> {
  const { url, person } = connection
  const lines = await callSandbox<{ peer: GroupView['peer'] }[]>(url, 'GET', `/people/${person.id}/chats`)
  const found = lines.find(({ peer }) => peer.title === title)
  if (!found) throw new Error(`${person.first_name} is in no group “${title}”`)
  return new PersonGroup(connection, found.peer)
}

function memberRef(member: MemberName): string | number {
  return typeof member === 'object' ? member.person.id : member
}
