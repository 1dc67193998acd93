import type { Account } from './account.ts'

/** What a find answers; with `several` the person is asked for something that only one account has. */
export type Found = Account | 'not found' | 'several'

const mostKept = 1_000

/** Accounts found a moment ago. That somebody was not found is not kept: he may register the next second. */
export class FindCache {
  readonly #keepMs: number
  readonly #kept = new Map<string, { account: Account; until: number }>()
  #writes = 0

  constructor(keepMs: number) {
    this.#keepMs = keepMs
  }

  async find(question: object, ask: () => Promise<Found>): Promise<Found> {
    const name = JSON.stringify(question)
    const kept = this.#kept.get(name)
    if (kept && kept.until > Date.now()) return kept.account
    const writes = this.#writes
    const found = await ask()
    // An answer that was under way while something was written may tell of before.
    if (typeof found === 'object' && writes === this.#writes) this.#keep(name, found)
    return found
  }

  forget(userId: string): void {
    this.#writes++
    for (const [name, { account }] of this.#kept) if (account.userId === userId) this.#kept.delete(name)
  }

  #keep(name: string, account: Account): void {
    this.#kept.delete(name)
    this.#kept.set(name, { account, until: Date.now() + this.#keepMs })
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest)
  }
}
