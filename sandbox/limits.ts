import { tooManyRequests } from './failures.ts'
import { type Pace, PerMinute, Steady } from './pace.ts'
import type { Store } from './store.ts'

/**
 * Telegram's figures. It publishes 30 a second, 1 a second in a chat, 20 a minute in a group, and that short bursts are tolerated, not how
 * long ones: `burst` is what we take. It also covers messages that were sent evenly and that a network brings close together.
 */
export const figures = {
  bot_per_second: 30,
  bot_burst: 45,
  chat_per_second: 1,
  chat_burst: 4,
  group_per_minute: 20,
}

/** Why sends were refused: the bot's rate, the chat's, the group's, or a send before the last `retry_after` was over. */
export type Refused = Record<'bot' | 'chat' | 'group' | 'cooldown', number>

/** What is sent, by a bot or to a chat: its pace, and until when nothing is taken after a 429. */
interface Gate<Of extends Pace = Pace> {
  pace: Of
  coolsUntil: number
}

interface ChatGates {
  chat: Gate<Steady>
  group: Gate | undefined
}

interface Sends {
  bot: Gate
  chats: Map<number, ChatGates>
  refused: Refused
  sweepAt: number
}

const everyBot = 0
const sweepFrom = 1000

/** A chat action is no message. Edits count, as Telegram counts them; an album counts once. */
const sending = /^(send(?!ChatAction)|edit|copy|forward)/

/** The switch for Telegram's limits, of one bot or of all; it outlives a restart, what was sent before one does not count. */
export class Limits {
  readonly #store: Store
  readonly #on = new Map<number, boolean>()
  readonly #sends = new Map<number, Sends>()
  readonly #save
  readonly #delete

  constructor(store: Store) {
    this.#store = store
    this.#save = store.prepare('INSERT OR REPLACE INTO limits VALUES (?, ?)')
    this.#delete = store.prepare('DELETE FROM limits WHERE bot = ?')
    for (const { bot, enforced } of store.prepare('SELECT bot, enforced FROM limits').all())
      this.#on.set(Number(bot), enforced === 1)
  }

  /** Whether a bot is held to them, by its own switch or by the one for all, which is bot 0. */
  on(bot: number): boolean {
    return this.#on.get(bot) ?? this.#on.get(everyBot) ?? false
  }

  /** Undefined: as all others. */
  set(bot: number, on: boolean | undefined): void {
    if (on === undefined) {
      this.#on.delete(bot)
      this.#store.write(this.#delete, bot)
    } else {
      this.#on.set(bot, on)
      this.#store.write(this.#save, bot, Number(on))
    }
  }

  own(bot: number): boolean | undefined {
    return this.#on.get(bot)
  }

  /** What a bot was refused since the sandbox started. */
  refused(bot: number): Refused {
    return this.#sends.get(bot)?.refused ?? { bot: 0, chat: 0, group: 0, cooldown: 0 }
  }

  /** Counts a call that sends; throws 429 when it is too much, which costs nothing and prolongs no pause. */
  admit(bot: number, method: string, chat: number | undefined, now = performance.now()): void {
    if (this.#on.size === 0 || chat === undefined || !sending.test(method) || !this.on(bot)) return
    const sends = this.#sendsOf(bot)
    const { chat: ofChat, group } = gatesOf(sends, chat, now)
    const gates: [keyof Refused, Gate][] = [
      ['bot', sends.bot],
      ['chat', ofChat],
    ]
    if (group) gates.push(['group', group])
    const cooling = Math.max(...gates.map(([, { coolsUntil }]) => coolsUntil)) - now
    if (cooling > 0) refuse(sends, 'cooldown', cooling)
    for (const [name, gate] of gates) {
      const wait = gate.pace.wait(now)
      if (wait > 0) {
        gate.coolsUntil = now + inSeconds(wait) * 1000
        refuse(sends, name, wait)
      }
    }
    for (const [, { pace }] of gates) pace.spend(now)
  }

  #sendsOf(bot: number): Sends {
    const known = this.#sends.get(bot)
    if (known) return known
    const pace = new Steady(figures.bot_per_second, figures.bot_burst)
    const refused = { bot: 0, chat: 0, group: 0, cooldown: 0 }
    const fresh = { bot: { pace, coolsUntil: 0 }, chats: new Map(), refused, sweepAt: sweepFrom }
    this.#sends.set(bot, fresh)
    return fresh
  }
}

function gatesOf(sends: Sends, chat: number, now: number): ChatGates {
  const known = sends.chats.get(chat)
  if (known) return known
  if (sends.chats.size >= sends.sweepAt) sweep(sends, now)
  const fresh = {
    chat: { pace: new Steady(figures.chat_per_second, figures.chat_burst), coolsUntil: 0 },
    group: chat < 0 ? { pace: new PerMinute(figures.group_per_minute), coolsUntil: 0 } : undefined,
  }
  sends.chats.set(chat, fresh)
  return fresh
}

/** Forgets the private chats where nothing was sent lately. */
function sweep(sends: Sends, now: number): void {
  for (const [id, { chat, group }] of sends.chats)
    if (!group && chat.coolsUntil <= now && chat.pace.rested(now)) sends.chats.delete(id)
  sends.sweepAt = Math.max(sweepFrom, sends.chats.size * 2)
}

function refuse({ refused }: Sends, why: keyof Refused, wait: number): never {
  refused[why]++
  throw tooManyRequests(inSeconds(wait))
}

function inSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000))
}
