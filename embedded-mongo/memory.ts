import { Binary, type Value } from './bson/values.ts'
import { fail } from './errors.ts'
import { defaultLimits, type Limits } from './limits.ts'

let { stageBytes, sharedBytes } = defaultLimits
let held = 0

/** Sets the bounds of this thread's store. */
export function boundMemory(limits: Limits): void {
  stageBytes = limits.stageBytes
  sharedBytes = limits.sharedBytes
}

/** What a stage may hold. */
export const stageLimit = (): number => stageBytes

/** Counts what a stage holds in memory. Who takes one frees it, however it ends. */
export class Allowance {
  readonly #code: number
  readonly #message: (limit: number) => string
  #bytes = 0

  /** `code` and `message` say that the stage holds too much. */
  constructor(code: number, message: (limit: number) => string) {
    this.#code = code
    this.#message = message
  }

  get isOver(): boolean {
    return this.#bytes > stageBytes
  }

  /** Negative: so much is held no more. */
  add(bytes: number): void {
    this.#bytes += bytes
    held += bytes
  }

  /** @throws CommandError where too much is held, here or by all together */
  check(): void {
    if (this.isOver) fail(this.#code, this.#message(stageBytes))
    if (held > sharedBytes) fail(292, `all commands together hold more than ${sharedBytes} bytes; try again later`)
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
