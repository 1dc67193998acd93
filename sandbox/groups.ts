import type { ReplyKeyboardMarkup } from 'grammy/types'
import type { Store } from './store.ts'

export type GroupType = 'group' | 'supergroup'

/** Somebody who is or was in a group; the words are Telegram's. */
export interface Member {
  id: number
  bot: boolean
  status: 'creator' | 'administrator' | 'member' | 'left' | 'kicked'
  /** The newest message that the person has read. */
  read: number
  /** A bot whose privacy was off when it was added: it gets every message. */
  readsAll?: true
}

export interface Group {
  id: number
  type: GroupType
  title: string
  /** In the order in which they came. */
  members: Member[]
  keyboard?: ReplyKeyboardMarkup
  /** The bot that was the last of the bots to write: commands that name no bot are for it. */
  lastBot?: number
  migratedTo?: number
  migratedFrom?: number
  /** Orders a person's chats: the place of the last message among all messages. */
  lastSeq: number
}

const firstIds = { group: 4_000_000_001, supergroup: 1_002_000_000_001 }

/** The groups of the sandbox; one that became a supergroup stays, with the id that it had. */
export class Groups {
  readonly #byId = new Map<number, Group>()
  readonly #store: Store
  readonly #save

  constructor(store: Store) {
    this.#store = store
    this.#save = store.prepare('INSERT OR REPLACE INTO group_chats VALUES (?, ?)')
    const last = store.prepare('SELECT seq FROM messages WHERE owner = ? AND chat = ? ORDER BY id DESC LIMIT 1')
    for (const row of store.prepare('SELECT body FROM group_chats ORDER BY id DESC').all()) {
      const group: Group = JSON.parse(String(row.body))
      group.lastSeq = Number(last.get(group.id, group.id)?.seq ?? 0)
      this.#byId.set(group.id, group)
    }
  }

  /** A group below 0, a supergroup at -100…, as Telegram numbers them. */
  add(given: Omit<Group, 'id' | 'lastSeq'>): Group {
    const group: Group = { ...given, id: -(firstIds[given.type] + this.#byId.size), lastSeq: 0 }
    this.#byId.set(group.id, group)
    this.save(group)
    return group
  }

  get(id: number): Group | undefined {
    return this.#byId.get(id)
  }

  /** Where somebody is in now. */
  of(id: number): Group[] {
    return [...this.#byId.values()].filter((group) => !group.migratedTo && isIn(memberOf(group, id)))
  }

  save(group: Group): void {
    this.#store.write(this.#save, group.id, JSON.stringify(group))
  }
}

export function memberOf(group: Group, id: number): Member | undefined {
  return group.members.find((member) => member.id === id)
}

export function isIn(member: Member | undefined): boolean {
  return member !== undefined && member.status !== 'left' && member.status !== 'kicked'
}

export function isAdministrator(member: Member | undefined): boolean {
  return member?.status === 'creator' || member?.status === 'administrator'
}

/** The people, or the bots, who are in it now. */
export function presentIn(group: Group, who: 'people' | 'bots'): Member[] {
  return group.members.filter((member) => member.bot === (who === 'bots') && isIn(member))
}
