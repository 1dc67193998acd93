import { setTimeout as pause } from 'node:timers/promises'
import { Link } from '../../models/link.ts'
import { addPerson, type PersonClient } from '../../sandbox/person.ts'
import type { ProcessesWorld } from './world.ts'

const patience = { within: 90_000 }
/** The tally's first words. */
const begin = 'Go on'

/** Somebody who tells a bot one number after the other, the next once the last was counted. */
export class Teller {
  readonly #person: PersonClient
  readonly #bot: string
  #leaving = false
  #done: Promise<void> | undefined
  told = 0
  /** Answers that came again. */
  repeats = 0
  slowestMs = 0

  constructor(person: PersonClient, bot: string) {
    this.#person = person
    this.#bot = bot
  }

  async begin(everyMs: number): Promise<void> {
    const chat = this.#person.chat(this.#bot)
    await chat.start()
    await chat.sees('Tally', patience)
    await chat.sends('/tally')
    await chat.sees(begin, patience)
    this.#done = this.#tell(everyMs)
    // Whoever awaits `leave` hears of a failure; until then it must not end the process.
    this.#done.catch(() => {})
  }

  /** Waits for the last answer. */
  async leave(): Promise<void> {
    this.#leaving = true
    await this.#done
  }

  async #tell(everyMs: number): Promise<void> {
    const chat = this.#person.chat(this.#bot)
    while (!this.#leaving) {
      const number = ++this.told
      const at = performance.now()
      await chat.sends(`n${number}`)
      await this.#hear(number)
      this.slowestMs = Math.max(this.slowestMs, performance.now() - at)
      await pause(everyMs)
    }
  }

  /** An answer that was under way at a standstill may come once more, and late. */
  async #hear(number: number): Promise<void> {
    const chat = this.#person.chat(this.#bot)
    for (;;) {
      const { text = '' } = await chat.sees(/(?:)/, patience)
      if (text === `${number}. n${number}`) return
      const [, earlier] = /^(\d+)\. n\1$/.exec(text) ?? []
      const isOld = text === begin || (earlier !== undefined && Number(earlier) < number)
      if (isOld) this.repeats++
      else if (!text.startsWith('Call ')) throw new Error(`@${this.#bot} said ${text} instead of answer ${number}`)
    }
  }
}

export type Acknowledged = { bot: number; text: string; notificationId: string }

/** Another system that has bots say something; it turns to whichever process answers. */
export class Caller {
  readonly acknowledged: Acknowledged[] = []
  readonly #world: ProcessesWorld
  readonly #bots: number
  #stopped = false
  #done: Promise<void> | undefined

  /** Calls the first so many bots. */
  constructor(world: ProcessesWorld, bots: number) {
    this.#world = world
    this.#bots = bots
  }

  begin(everyMs: number): void {
    this.#done = this.#callUntilStopped(everyMs)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#done
  }

  async #callUntilStopped(everyMs: number): Promise<void> {
    const underWay: Promise<void>[] = []
    for (let nth = 1; !this.#stopped; nth++) {
      underWay.push(this.#call(nth))
      await pause(everyMs)
    }
    await Promise.all(underWay)
  }

  async #call(nth: number): Promise<void> {
    const { members, bots, apiKey } = this.#world
    const [member, bot] = [members[nth % members.length], nth % this.#bots]
    const text = `Call ${nth}`
    try {
      const response = await fetch(`${member?.url}/api/v1/bots/${bots[bot]?.username}/call/notify`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ script_request_params: { userIds: ['u1'], text } }),
        signal: AbortSignal.timeout(10_000),
      })
      const { notificationId } = (await response.json()) as { notificationId?: string }
      if (notificationId) this.acknowledged.push({ bot, text, notificationId })
    } catch {
      // The process was killed or stands still: not acknowledged.
    }
  }
}

/** One person who tells the first so many bots numbers, and is linked to the user `u1` of each. */
export async function beginTelling(world: ProcessesWorld, bots: number, everyMs: number): Promise<Teller[]> {
  const person = await addPerson(world.sandboxUrl, { first_name: 'Vera', language_code: 'en' })
  world.closing.push(() => person.close())
  return Promise.all(
    world.bots.slice(0, bots).map(async ({ _id, username }) => {
      const teller = new Teller(person, username)
      await teller.begin(everyMs)
      await Link.make(_id, person.person.id, 'u1')
      return teller
    }),
  )
}
