import { truncate } from 'node:fs/promises'
import { backup, type DatabaseSync, type StatementSync } from 'node:sqlite'
import { openFile, pragma } from './open-file.ts'
import { setApart } from './store-file.ts'

export type Pair = [key: Buffer, value: Buffer]

const chunkBytes = 4 * 1024 * 1024
const pagesAtOnce = 256
const copyAttempts = 20
/** A bound LIMIT would make SQLite prepare the statement anew at each use: so there is one for each size. */
const chunkSizes = [1, 4, 16, 64, 256, 1024]
const levels = ['off', 'normal', 'full', 'extra']
const buffer = (bytes: unknown): Buffer => {
  const array = bytes as Uint8Array
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}

/** The first size that holds so many, or the largest. */
const stepTo = (count: number): number => {
  const step = chunkSizes.findIndex((size) => size >= count)
  return step < 0 ? chunkSizes.length - 1 : step
}

/** An ordered map from bytes to bytes in one SQLite file. Every commit is on the disk before it returns. */
export class KeyValueStore {
  readonly #db: DatabaseSync
  readonly #get
  readonly #put
  readonly #remove
  readonly #removeRange
  readonly #up
  readonly #down
  readonly #begin
  readonly #commit
  readonly #mark
  readonly #keep
  readonly #undo
  #open = false
  /** Why SQLite ended the transaction by itself: all of it is lost, so nothing more of it may seem done. */
  #lost: unknown

  constructor(file: string) {
    this.#db = openFile(file)
    const prepare = (sql: string) => this.#db.prepare(sql)
    this.#get = prepare('SELECT v FROM kv WHERE k = ?')
    this.#put = prepare('INSERT INTO kv(k, v) VALUES(?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v')
    this.#remove = prepare('DELETE FROM kv WHERE k = ?')
    this.#removeRange = prepare('DELETE FROM kv WHERE k >= ? AND k < ?')
    this.#up = chunkSizes.map((size) => prepare(`SELECT k, v FROM kv WHERE k >= ? AND k < ? ORDER BY k LIMIT ${size}`))
    this.#down = chunkSizes.map((size) =>
      prepare(`SELECT k, v FROM kv WHERE k >= ? AND k < ? ORDER BY k DESC LIMIT ${size}`),
    )
    this.#begin = prepare('BEGIN IMMEDIATE')
    this.#commit = prepare('COMMIT')
    this.#mark = prepare('SAVEPOINT attempt')
    this.#keep = prepare('RELEASE attempt')
    this.#undo = prepare('ROLLBACK TO attempt')
    for (const statement of [this.#get, ...this.#up, ...this.#down]) statement.setReturnArrays(true)
  }

  /** How commits reach the disk, as SQLite itself says now. */
  get synchronous(): string {
    return levels[Number(pragma(this.#db, 'synchronous'))] ?? 'unknown'
  }

  get(key: Buffer): Buffer | undefined {
    const row = this.#get.get(key) as unknown as [Uint8Array] | undefined
    return row && buffer(row[0])
  }

  put(key: Buffer, value: Buffer): void {
    this.#write()
    this.#put.run(key, value)
  }

  remove(key: Buffer): void {
    this.#write()
    this.#remove.run(key)
  }

  removeRange(from: Buffer, to: Buffer): void {
    this.#write()
    this.#removeRange.run(from, to)
  }

  /**
   * The pairs with from <= key < to, read in chunks: no statement stays open between them, so a reader may pause
   * and writers may write meanwhile.
   */
  *range(from: Buffer, to: Buffer, reverse = false, firstChunk = 16): Generator<Pair, void, void> {
    let low = from
    let high = to
    let step = stepTo(firstChunk)
    while (low.compare(high) < 0) {
      const size = chunkSizes[step] as number
      const statement = (reverse ? this.#down : this.#up)[step] as StatementSync
      const rows = statement.all(low, high) as unknown as [Uint8Array, Uint8Array][]
      let bytes = 0
      for (const [key, value] of rows) {
        bytes += value.length
        yield [buffer(key), buffer(value)]
      }
      const last = rows.at(-1)
      if (!last || rows.length < size) return
      if (reverse) high = buffer(last[0])
      else low = Buffer.concat([buffer(last[0]), Buffer.alloc(1)])
      step = Math.min(step + 1, stepTo(Math.floor((chunkBytes * rows.length) / Math.max(1, bytes))))
    }
  }

  #write(): void {
    if (this.#lost) throw this.#lost
    if (this.#open) return
    this.#begin.run()
    this.#open = true
  }

  /** Runs `work`; if it throws, nothing of what it wrote stays. */
  attempt<T>(work: () => T): T {
    this.#write()
    this.#mark.run()
    try {
      const result = work()
      this.#keep.run()
      return result
    } catch (error) {
      if (this.#db.isTransaction) {
        this.#undo.run()
        this.#keep.run()
      } else this.#lost = error
      throw error
    }
  }

  /** Makes everything written since the last commit durable. */
  commit(): void {
    if (!this.#open) return
    if (this.#lost) throw this.#lost
    this.#commit.run()
    this.#open = false
  }

  rollback(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
    this.#open = false
    this.#lost = undefined
  }

  /** A copy as of one commit, into an empty file. Some pages at a time: commits go on between, and are in it. */
  async copyTo(file: string): Promise<void> {
    for (let left = copyAttempts; ; left--) {
      try {
        await backup(this.#db, file, { rate: pagesAtOnce })
        return setApart(file)
      } catch (error) {
        // Beside writes Node's copy gives up now and then without an error of SQLite's: it is begun anew.
        if ((error as { errcode?: number }).errcode !== 0 || left === 0) throw error
        await truncate(file)
      }
    }
  }

  close(): void {
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#db.close()
  }
}
