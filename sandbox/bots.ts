import { randomBytes } from 'node:crypto'
import type { BotCommand, User } from 'grammy/types'
import { normalizeUsername } from '../bot-api/usernames.ts'
import type { Store } from './store.ts'

export interface Bot {
  id: number
  username: string
  token: string
  /** The person who made it with BotFather; a bot made by the API has none. */
  owner?: number
  /** By language; "" is the default. */
  names: Record<string, string>
  descriptions: Record<string, string>
  /** What its profile says about it; a bot of an earlier day has none. */
  shortDescriptions?: Record<string, string>
  /** By scope and language, as `commandsKey` writes them. */
  commands: Record<string, BotCommand[]>
  allowedUpdates?: string[]
  webhook?: Webhook
  /** As its owner set it in BotFather: nobody can add it to a group. */
  joinsNoGroups?: true
  /** Its privacy is off: groups that it is added to from now on let it read everything. */
  readsAllInGroups?: true
  /** No update gets this id or a lower one any more. */
  confirmed: number
  deleted?: true
}

/** Where a bot has its updates sent. */
export interface Webhook {
  url: string
  /** Goes along in a header, so that the bot knows whom it hears. */
  secret?: string
  /** To how many chats' updates it listens at once. */
  maxConnections: number
}

export const botFatherId = 93_372_553
const firstId = 7_000_000_001

export class Bots {
  readonly #byId = new Map<number, Bot>()
  readonly #byUsername = new Map<string, Bot>()
  readonly #byToken = new Map<string, Bot>()
  readonly #store: Store
  readonly #save

  constructor(store: Store) {
    this.#store = store
    this.#save = store.prepare('INSERT OR REPLACE INTO bots VALUES (?, ?)')
    for (const row of store.prepare('SELECT body FROM bots ORDER BY id').all())
      this.#index(JSON.parse(String(row.body)))
    if (!this.#byId.has(botFatherId)) this.#insert(botFatherId, 'BotFather', 'BotFather')
  }

  /** The username must be free and right by Telegram's rules. */
  add(name: string, username: string, owner?: number): Bot {
    return this.#insert(firstId + this.#byId.size - 1, name, username, owner)
  }

  get(id: number): Bot | undefined {
    return this.#byId.get(id)
  }

  /** Takes a username as people write it: with `@`, in any letter case. */
  byUsername(username: string): Bot | undefined {
    return this.#byUsername.get(normalizeUsername(username))
  }

  byToken(token: string): Bot | undefined {
    return this.#byToken.get(token)
  }

  all(): Bot[] {
    return [...this.#byUsername.values()]
  }

  ownedBy(person: number): Bot[] {
    return this.all().filter((bot) => bot.owner === person)
  }

  search(query: string): Bot[] {
    const part = query.trim().replace(/^@/, '').toLowerCase()
    return this.all().filter(
      (bot) => bot.username.toLowerCase().includes(part) || nameOf(bot).toLowerCase().includes(part),
    )
  }

  save(bot: Bot): void {
    this.#store.write(this.#save, bot.id, JSON.stringify(bot))
  }

  /** The webhook belonged to the old token. */
  revokeToken(bot: Bot): void {
    this.#byToken.delete(bot.token)
    delete bot.webhook
    bot.token = newToken(bot.id)
    this.#byToken.set(bot.token, bot)
    this.save(bot)
  }

  /** Its id is never given again; its chats stay with the people who have them. */
  delete(bot: Bot): void {
    this.#byToken.delete(bot.token)
    this.#byUsername.delete(bot.username.toLowerCase())
    bot.deleted = true
    this.save(bot)
  }

  #insert(id: number, name: string, username: string, owner?: number): Bot {
    const bot: Bot = {
      id,
      username,
      token: newToken(id),
      ...(owner !== undefined && { owner }),
      names: { '': name },
      descriptions: {},
      commands: {},
      confirmed: 0,
    }
    this.#index(bot)
    this.save(bot)
    return bot
  }

  #index(bot: Bot): void {
    this.#byId.set(bot.id, bot)
    if (bot.deleted) return
    this.#byUsername.set(bot.username.toLowerCase(), bot)
    this.#byToken.set(bot.token, bot)
  }
}

function newToken(id: number): string {
  return `${id}:AA${randomBytes(40).toString('base64url').slice(0, 33)}`
}

export function nameOf(bot: Bot, language = ''): string {
  return bot.names[language] ?? bot.names[''] ?? bot.username
}

export function descriptionOf(bot: Bot, language = ''): string {
  return bot.descriptions[language] ?? bot.descriptions[''] ?? ''
}

/** A bot as others see it: Telegram's User. */
export function asUser(bot: Bot): User & { username: string } {
  return { id: bot.id, is_bot: true, first_name: nameOf(bot), username: bot.username }
}
