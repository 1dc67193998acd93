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

/**
 * About how many bytes of memory a value takes. Beyond what a stage may hold it is not counted on: a value that an
 * expression has made can hold the same list a thousand times, and be far larger than it is in memory.
 */
export function memoryOf(value: Value | undefined): number {
  if (typeof value === 'string') return 32 + value.length
  if (Array.isArray(value)) {
    let sum = 32
    for (let index = 0; index < value.length && sum <= stageBytes; index++) sum += 8 + memoryOf(value[index])
    return sum
  }
  if (value instanceof Map) {
    let sum = 100
    for (const [name, each] of value) {
      sum += 40 + name.length + memoryOf(each)
      if (sum > stageBytes) break
    }
    return sum
  }
  return value instanceof Binary ? 100 + value.bytes.length : 32
}

/** @throws CommandError where an expression has made what is too large to go on with */
export function bounded<T extends Value | undefined>(made: T): T {
  if (memoryOf(made) > stageBytes) fail(10334, `an expression made a value of more than ${stageBytes} bytes`)
  return made
}
