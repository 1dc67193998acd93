import { randomBytes } from 'node:crypto'
import { RawDocument } from '../bson/encode.ts'
import { fail } from '../errors.ts'
import type { Limits } from '../limits.ts'
import type { Stream } from '../planner/scan.ts'
import { fields, ok, type Reply, refuseLate } from './context.ts'

const largestBatch = 16 * 1024 * 1024

interface Cursor {
  namespace: string
  stream: Stream<Buffer>
  /** Read, but no room was left in the last batch. */
  held: Buffer | undefined
  lastUsed: number
  /** Of the time that the command which opened it was given, what its batches have not used. */
  msLeft: number
  /** Its collection is gone; whoever asks for more is told so once. */
  dropped: boolean
}

interface Batch {
  documents: RawDocument[]
  more: boolean
}

/** What is left to answer: a cursor reads on where it stopped, it holds no results but those that had to be sorted. */
export class Cursors {
  readonly #open = new Map<bigint, Cursor>()
  readonly #most: number
  readonly #idleMs: number

  constructor({ cursors, cursorIdleMs }: Pick<Limits, 'cursors' | 'cursorIdleMs'>) {
    this.#most = cursors
    this.#idleMs = cursorIdleMs
  }

  get size(): number {
    return this.#open.size
  }

  /** Answers the first batch. What is left until `deadline` is for all of them together. */
  *first(
    namespace: string,
    stream: Stream<Buffer>,
    { batchSize, single, deadline }: { batchSize: number; single: boolean; deadline: number },
  ): Generator<undefined, Reply, void> {
    const cursor: Cursor = { namespace, stream, held: undefined, lastUsed: Date.now(), msLeft: 0, dropped: false }
    const { documents, more } = yield* this.#fill(cursor, batchSize, deadline)
    const id = more && !single ? this.#keep(cursor, deadline) : 0n
    if (id === 0n) stream.return()
    return ok({ cursor: fields({ firstBatch: documents, id, ns: namespace }) })
  }

  *next(id: bigint, namespace: string, batchSize: number): Generator<undefined, Reply, void> {
    const cursor = this.#open.get(id)
    if (!cursor) return fail(43, `cursor id ${id} not found`)
    if (cursor.namespace !== namespace) {
      const other = `but cursor belongs to a different namespace ${cursor.namespace}`
      return fail(13, `Requested getMore on namespace '${namespace}', ${other}`)
    }
    this.#open.delete(id)
    if (cursor.dropped) return fail(175, `collection dropped: ${namespace}`)
    const deadline = performance.now() + cursor.msLeft
    const { documents, more } = yield* this.#fill(cursor, batchSize, deadline)
    if (more) this.#put(id, cursor, deadline)
    return ok({ cursor: fields({ nextBatch: documents, id: more ? id : 0n, ns: namespace }) })
  }

  kill(ids: bigint[]): { killed: bigint[]; missing: bigint[] } {
    const killed = ids.filter((id) => this.#end(id))
    return { killed, missing: ids.filter((id) => !killed.includes(id)) }
  }

  killIdle(): void {
    for (const [id, cursor] of this.#open) if (Date.now() - cursor.lastUsed > this.#idleMs) this.#end(id)
  }

  /** A dropped collection has nothing more to give. */
  killOf(namespace: string): void {
    for (const cursor of this.#open.values()) {
      if (cursor.namespace !== namespace) continue
      cursor.stream.return()
      cursor.held = undefined
      cursor.dropped = true
    }
  }

  #end(id: bigint): boolean {
    this.#open.get(id)?.stream.return()
    return this.#open.delete(id)
  }

  #keep(cursor: Cursor, deadline: number): bigint {
    if (this.#open.size >= this.#most) {
      cursor.stream.return()
      fail(2, `too many open cursors (${this.#most}); close some`)
    }
    const id = BigInt.asUintN(63, randomBytes(8).readBigUInt64BE()) || 1n
    this.#put(id, cursor, deadline)
    return id
  }

  #put(id: bigint, cursor: Cursor, deadline: number): void {
    cursor.lastUsed = Date.now()
    cursor.msLeft = deadline - performance.now()
    this.#open.set(id, cursor)
  }

  /** However it ends, a stream that will not be read on gives back what it holds. */
  *#fill(cursor: Cursor, batchSize: number, deadline: number): Generator<undefined, Batch, void> {
    let filled = false
    try {
      const batch = yield* this.#read(cursor, batchSize, deadline)
      filled = true
      return batch
    } finally {
      if (!filled) cursor.stream.return()
    }
  }

  *#read(cursor: Cursor, batchSize: number, deadline: number): Generator<undefined, Batch, void> {
    const documents: RawDocument[] = []
    let bytes = 0
    if (cursor.held && batchSize > 0) {
      documents.push(new RawDocument(cursor.held))
      bytes = cursor.held.length
      cursor.held = undefined
    }
    while (documents.length < batchSize) {
      const { done, value } = cursor.stream.next()
      if (done) return { documents, more: false }
      if (!value) {
        yield undefined
        refuseLate(deadline)
        continue
      }
      bytes += value.length + 12
      if (documents.length > 0 && bytes > largestBatch) {
        cursor.held = value
        break
      }
      documents.push(new RawDocument(value))
    }
    return { documents, more: true }
  }
}
