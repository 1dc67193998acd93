import { randomBytes } from 'node:crypto'
import { RawDocument } from '../bson/encode.ts'
import { CommandError, fail } from '../errors.ts'
import { type Limits, largestDocument } from '../limits.ts'
import type { Stream } from '../stream.ts'
import { fields, ok, type Reply, refuseLate } from './context.ts'

interface Cursor {
  namespace: string
  stream: Stream<Buffer>
  /** Read, but no room was left in the last batch. */
  held: Buffer | undefined
  lastUsed: number
  /** Of the time that the command which opened it was given, what its batches have not used. */
  msLeft: number
  /** A getMore reads from it now. */
  pinned: boolean
  /** Why there is no more to be had, for whoever reads from it or asks for more. */
  ended: CommandError | undefined
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
    const state = { held: undefined, lastUsed: Date.now(), msLeft: 0, pinned: false, ended: undefined }
    const cursor: Cursor = { namespace, stream, ...state }
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
    if (cursor.pinned) return fail(12051, `cursor id ${id} is already in use`)
    cursor.pinned = true
    const deadline = performance.now() + cursor.msLeft
    let more = false
    let documents: RawDocument[]
    try {
      ;({ documents, more } = yield* this.#fill(cursor, batchSize, deadline))
    } finally {
      cursor.pinned = false
      if (more) this.#put(id, cursor, deadline)
      else this.#open.delete(id)
    }
    return ok({ cursor: fields({ nextBatch: documents, id: more ? id : 0n, ns: namespace }) })
  }

  kill(ids: bigint[]): { killed: bigint[]; missing: bigint[] } {
    const killed = ids.filter((id) => this.#end(id, new CommandError(237, `cursor id ${id} was killed`)))
    return { killed, missing: ids.filter((id) => !killed.includes(id)) }
  }

  killIdle(): void {
    for (const [id, { pinned, lastUsed }] of this.#open)
      if (!pinned && Date.now() - lastUsed > this.#idleMs) this.#end(id, undefined)
  }

  /** A dropped collection has nothing more to give. */
  killOf(namespace: string): void {
    for (const cursor of this.#open.values()) {
      if (cursor.namespace !== namespace) continue
      cursor.stream.return()
      cursor.held = undefined
      cursor.ended = new CommandError(175, `collection dropped: ${namespace}`)
    }
  }

  #end(id: bigint, why: CommandError | undefined): boolean {
    const cursor = this.#open.get(id)
    if (cursor) cursor.ended = why
    cursor?.stream.return()
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
    if (cursor.ended) throw cursor.ended
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
        if (cursor.ended) throw cursor.ended
        refuseLate(deadline)
        continue
      }
      bytes += value.length + 12
      if (documents.length > 0 && bytes > largestDocument) {
        cursor.held = value
        break
      }
      documents.push(new RawDocument(value))
    }
    return { documents, more: true }
  }
}
