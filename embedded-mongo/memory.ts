import { Binary, type Value } from './bson/values.ts'
import { fail } from './errors.ts'

/** What one stage of one command may hold, as in MongoDB. */
export const stageLimit = 100 * 1024 * 1024
/** What all of them may hold together, open cursors with their sorted results among them. */
export const sharedLimit = 256 * 1024 * 1024

let held = 0

/** Counts what a stage holds in memory. Who takes one frees it, however it ends. */
export class Allowance {
  readonly #refuse: () => never
  #bytes = 0

  /** `refuse` says that the stage holds too much. */
  constructor(refuse: () => never) {
    this.#refuse = refuse
  }

  get isOver(): boolean {
    return this.#bytes > stageLimit
  }

  /** Negative: so much is held no more. */
  add(bytes: number): void {
    this.#bytes += bytes
    held += bytes
  }

  /** @throws CommandError where too much is held, here or by all together */
  check(): void {
    if (this.isOver) this.#refuse()
    if (held > sharedLimit) fail(292, `all commands together hold more than ${sharedLimit} bytes; try again later`)
  }

  free(): void {
    this.add(-this.#bytes)
  }
}

/** About how many bytes of memory a value takes. */
export function memoryOf(value: Value | undefined): number {
  if (typeof value === 'string') return 32 + value.length
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + 8 + memoryOf(each), 32)
  if (value instanceof Map) {
    let sum = 100
    for (const [name, each] of value) sum += 40 + name.length + memoryOf(each)
    return sum
  }
  return value instanceof Binary ? 100 + value.bytes.length : 32
}
