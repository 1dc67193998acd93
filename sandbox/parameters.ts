import { badRequest } from './failures.ts'
import type { Upload } from './files.ts'

/**
 * The parameters of one call, read as Telegram reads them: from a query, a form or JSON, where a number may be a string
 * and an object its JSON text. What a method does not ask for is ignored.
 */
export class Parameters {
  readonly #values: Record<string, unknown>
  readonly #files: Map<string, Upload>

  constructor(values: Record<string, unknown>, files = new Map<string, Upload>()) {
    this.#values = values
    this.#files = files
  }

  has(name: string): boolean {
    return this.isGiven(name) && this.#values[name] !== ''
  }

  /** Given, if only as an empty text. */
  isGiven(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null
  }

  text(name: string): string {
    const value = this.#values[name]
    if (value === undefined || value === null) return ''
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }

  integer(name: string): number | undefined {
    const text = this.text(name).trim()
    return /^-?\d{1,16}$/.test(text) ? Number(text) : undefined
  }

  flag(name: string): boolean {
    return /^(true|1|yes|y|t)$/i.test(this.text(name))
  }

  /** An object or array; `what` is how Telegram's error names it. */
  json(name: string, what: string): unknown {
    if (!this.has(name)) return undefined
    const value = this.#values[name]
    if (typeof value !== 'string') return value
    try {
      return JSON.parse(value)
    } catch {
      throw badRequest(`can't parse ${what} JSON object`)
    }
  }

  upload(name: string): Upload | undefined {
    return this.#files.get(name)
  }
}
