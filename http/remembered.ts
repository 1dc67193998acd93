/** What was looked up is remembered for a moment, since it is asked for again and again; a failure is not. */
export class Remembered<T> {
  readonly #forMs: number
  readonly #most: number
  readonly #known = new Map<string, { value: Promise<T>; until: number }>()

  constructor({ forMs, most }: { forMs: number; most: number }) {
    this.#forMs = forMs
    this.#most = most
  }

  get(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key)
    if (known && known.until > performance.now()) return known.value
    if (this.#known.size >= this.#most) this.#known.clear()
    const value = load()
    this.#known.set(key, { value, until: performance.now() + this.#forMs })
    value.catch(() => this.#known.delete(key))
    return value
  }

  forget(): void {
    this.#known.clear()
  }
}
