import type { Encodable } from '../bson/encode.ts'
import { type Doc, int, type Value } from '../bson/values.ts'
import { CommandError, fail } from '../errors.ts'
import { mostWrites } from '../limits.ts'
import { flag, type Reply } from './context.ts'

/** The errors of single writes: with `ordered` the first one ends the command. */
export class WriteErrors {
  readonly #list: Encodable[] = []
  readonly #ordered: boolean
  constructor(command: Doc) {
    this.#ordered = !command.has('ordered') || flag(command, 'ordered')
  }

  /** Runs one write; false when the command is to stop. */
  attempt(index: number, write: () => void): boolean {
    try {
      write()
      return true
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      const { code, message, extra } = error
      this.#list.push(
        new Map<string, Value>([['index', int(index)], ['code', int(code)], ...(extra ?? []), ['errmsg', message]]),
      )
      return !this.#ordered
    }
  }

  addTo(reply: Reply): Reply {
    if (this.#list.length > 0) {
      reply.delete('ok')
      reply.set('writeErrors', this.#list).set('ok', 1)
    }
    return reply
  }
}

export function refuseMany(count: number): void {
  if (count === 0 || count > mostWrites)
    fail(16, `Write batch sizes must be between 1 and ${mostWrites}. Got ${count} operations.`)
}
