import type { Limits } from './limits.ts'

/** One connection that was let in. */
export interface Admission {
  id: number
  /** It has logged in. */
  known(): void
  close(): void
}

/** Counts the connections, and lets in no more than the limits allow. */
export class Connections {
  readonly #limits: Limits
  #current = 0
  #strangers = 0
  #created = 0
  #rejected = 0
  /** How many have a command under way. */
  active = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** As MongoDB's serverStatus tells them. */
  get counts() {
    const available = this.#limits.connections - this.#current
    const { active } = this
    return { current: this.#current, available, totalCreated: this.#created, rejected: this.#rejected, active }
  }

  /** Undefined: there are too many. */
  admit(stranger: boolean): Admission | undefined {
    const { connections, strangers } = this.#limits
    if (this.#current >= connections || (stranger && this.#strangers >= strangers)) {
      this.#rejected++
      return undefined
    }
    this.#current++
    let unknown = stranger
    if (unknown) this.#strangers++
    const known = () => {
      if (unknown) this.#strangers--
      unknown = false
    }
    const close = () => {
      known()
      this.#current--
    }
    return { id: ++this.#created, known, close }
  }
}
