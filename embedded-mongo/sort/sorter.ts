import type { Doc, Value } from '../bson/values.ts'
import { Allowance } from '../memory.ts'
import { paced, type Stream } from '../stream.ts'
import { mergeSort } from './merge-sort.ts'
import { compareSortKeys, type SortField, sortKey } from './sort.ts'

/** What an entry takes beside what it holds. */
const entryBytes = 500

/** Keeps what must be sorted, or only the first `keep` of it; stable: equal keys stay in the order they came. */
class Sorter<T> {
  readonly #sort: readonly SortField[]
  readonly #keep: number
  readonly #held = new Allowance(
    292,
    (limit) => `Sort exceeded memory limit of ${limit} bytes; add an index or a limit`,
  )
  #entries: { key: Value[]; item: T; size: number }[] = []

  constructor(sort: readonly SortField[], keep: number) {
    this.#sort = sort
    this.#keep = keep
  }

  add(item: T, document: Doc, size: number): void {
    this.#entries.push({ key: sortKey(document, this.#sort), item, size: size + entryBytes })
    this.#held.add(size + entryBytes)
  }

  /** More is held than need be. */
  get isFull(): boolean {
    const overfull = this.#held.isOver && this.#entries.length > this.#keep
    return overfull || this.#entries.length > this.#keep * 2 + 1000
  }

  /** @throws CommandError where too much is held */
  check(): void {
    this.#held.check()
  }

  *trim(): Generator<undefined, void, void> {
    this.#entries = yield* mergeSort(this.#entries, (a, b) => compareSortKeys(a.key, b.key, this.#sort))
    for (const entry of this.#entries.splice(this.#keep)) this.#held.add(-entry.size)
  }

  *sorted(): Stream<T> {
    yield* this.trim()
    for (const entry of paced(this.#entries)) yield entry?.item
  }

  free(): void {
    this.#entries = []
    this.#held.free()
  }
}

/**
 * The stream sorted, or the first `keep` of it. `measure` says of an item what is sorted by and how much memory it
 * takes.
 */
export function* sortStream<T>(
  stream: Stream<T>,
  { sort, keep, measure }: { sort: readonly SortField[]; keep: number; measure: (item: T) => [Doc, number] },
): Stream<T> {
  const sorter = new Sorter<T>(sort, keep)
  try {
    for (const item of stream) {
      if (!item) {
        yield undefined
        continue
      }
      sorter.add(item, ...measure(item))
      if (sorter.isFull) yield* sorter.trim()
      sorter.check()
    }
    yield* sorter.sorted()
  } finally {
    sorter.free()
  }
}
