import { randomBytes } from 'node:crypto'
import { RawDocument } from '../bson/encode.ts'
import { fail } from '../errors.ts'
import type { Stream } from '../planner/scan.ts'
import { fields, ok, type Reply } from './context.ts'

const idleLimitMs = 10 * 60_000
const largestBatch = 16 * 1024 * 1024
const mostCursors = 10_000

interface Cursor {
  namespace: string
  stream: Stream<Buffer>
  /** Read, but no room was left in the last batch. */
  held: Buffer | undefined
  lastUsed: number
}

/** What is left to answer: a cursor reads on where it stopped, it holds no results. */
export class Cursors {
  readonly #open = new Map<bigint, Cursor>()

  get size(): number {
    return this.#open.size
  }

  *first(
    namespace: string,
    stream: Stream<Buffer>,
    batchSize: number,
    single: boolean,
  ): Generator<undefined, Reply, void> {
    const cursor: Cursor = { namespace, stream, held: undefined, lastUsed: Date.now() }
    const { documents, more } = yield* this.#fill(cursor, batchSize)
    const id = more && !single ? this.#keep(cursor) : 0n
    return ok({ cursor: fields({ firstBatch: documents, id, ns: namespace }) })
  }

  *next(id: bigint, namespace: string, batchSize: number): Generator<undefined, Reply, void> {
    const cursor = this.#open.get(id)
    if (cursor?.namespace !== namespace) return fail(43, `cursor id ${id} not found`)
    this.#open.delete(id)
    const { documents, more } = yield* this.#fill(cursor, batchSize)
    cursor.lastUsed = Date.now()
    if (more) this.#open.set(id, cursor)
    return ok({ cursor: fields({ nextBatch: documents, id: more ? id : 0n, ns: namespace }) })
  }

  kill(ids: bigint[]): { killed: bigint[]; missing: bigint[] } {
    const killed = ids.filter((id) => this.#open.delete(id))
    return { killed, missing: ids.filter((id) => !killed.includes(id)) }
  }

  killIdle(): void {
    for (const [id, cursor] of this.#open) if (Date.now() - cursor.lastUsed > idleLimitMs) this.#open.delete(id)
  }

  /** A dropped collection has nothing more to give. */
  killOf(namespace: string): void {
    for (const [id, cursor] of this.#open) if (cursor.namespace === namespace) this.#open.delete(id)
  }

  #keep(cursor: Cursor): bigint {
    if (this.#open.size >= mostCursors) fail(2, `too many open cursors (${mostCursors}); close some`)
    const id = BigInt.asUintN(63, randomBytes(8).readBigUInt64BE()) || 1n
    this.#open.set(id, cursor)
    return id
  }

  *#fill(cursor: Cursor, batchSize: number): Generator<undefined, { documents: RawDocument[]; more: boolean }, void> {
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
