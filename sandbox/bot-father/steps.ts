import type { Store } from '../store.ts'

/** What BotFather waits to hear from a person. */
export type Step =
  | { waitsFor: 'name' }
  | { waitsFor: 'username'; name: string }
  | { waitsFor: 'bot'; command: OneBotCommand }
  | { waitsFor: 'new name' | 'new description' | 'deletion'; bot: number }
  | GroupSettingStep

export interface GroupSettingStep {
  waitsFor: 'joining' | 'privacy'
  bot: number
}

/** The commands that begin with the choice of one bot. */
export const oneBotCommands = [
  'token',
  'revoke',
  'deletebot',
  'setname',
  'setdescription',
  'setjoingroups',
  'setprivacy',
] as const
export type OneBotCommand = (typeof oneBotCommands)[number]

export class BotFatherSteps {
  readonly #store: Store
  readonly #select
  readonly #save
  readonly #forget

  constructor(store: Store) {
    this.#store = store
    this.#select = store.prepare('SELECT step FROM botfather WHERE person = ?')
    this.#save = store.prepare('INSERT OR REPLACE INTO botfather VALUES (?, ?)')
    this.#forget = store.prepare('DELETE FROM botfather WHERE person = ?')
  }

  of(person: number): Step | undefined {
    const row = this.#select.get(person)
    return row && JSON.parse(String(row.step))
  }

  set(person: number, step: Step | undefined): void {
    if (step) this.#store.write(this.#save, person, JSON.stringify(step))
    else this.#store.write(this.#forget, person)
  }
}
