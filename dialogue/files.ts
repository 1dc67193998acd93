import { ConversationMenu } from '@grammyjs/conversations'
import { InputFile, type Transformer } from 'grammy'

/** Not to be guessed: a text that read so would be taken for the file. */
const mark = `rookery-file:${crypto.randomUUID()}:`

/**
 * Carries files past grammY, one shelf a bot. An `InputFile` would make grammY build a multipart body; so the outermost transformer puts a
 * stand-in in its place, which lays the file on the shelf when it becomes JSON (that is: really sent, not replayed), and the seam
 * takes it back.
 */
export class FileShelf {
  readonly #files = new Map<string, InputFile>()
  #count = 0

  /** To be the outermost transformer, outside and inside conversations. */
  readonly transformer: Transformer = (prev, method, payload, signal) => {
    const swapped = Object.entries(payload ?? {}).map(([name, value]) => [name, this.#swap(value)])
    return prev(method, Object.fromEntries(swapped) as typeof payload, signal)
  }

  /** The payload with the files in their places again. */
  restore(payload: Record<string, unknown>): Record<string, unknown> {
    return this.#files.size === 0 ? payload : (this.#restored(payload) as Record<string, unknown>)
  }

  #swap(value: unknown): unknown {
    if (value instanceof InputFile) return { toJSON: () => this.#shelve(value) }
    // It throws when it is touched; grammY puts its buttons in its place further in.
    if (value instanceof ConversationMenu) return value
    // Below the recorder this error would hang the update for ever (conversations issue 155), here it reaches the scene.
    if (typeof value === 'bigint') throw new TypeError(`A payload is JSON: it cannot hold the BigInt ${value}`)
    return mapped(value, (item) => this.#swap(item))
  }

  #shelve(file: InputFile): string {
    const name = `${mark}${++this.#count}`
    this.#files.set(name, file)
    return name
  }

  #restored(value: unknown): unknown {
    if (typeof value !== 'string' || !value.startsWith(mark)) return mapped(value, (item) => this.#restored(item))
    const file = this.#files.get(value)
    this.#files.delete(value)
    return file ?? value
  }
}

function mapped(value: unknown, change: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]))
}
