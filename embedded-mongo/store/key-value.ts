import { truncate } from 'node:fs/promises'
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite'
import {
  applicationId,
  FileInUseError,
  formatOf,
  formatVersion,
  prepareFile,
  setApart,
  UnusableFileError,
} from './store-file.ts'

export type Pair = [key: Buffer, value: Buffer]

const chunkBytes = 4 * 1024 * 1024
const pagesAtOnce = 256
const copyAttempts = 20
/** A file of up to 8 MiB is looked through at the start; of a larger one SQLite checks only the size, and each page when it is read. */
const checkedPages = 2048
/** A bound LIMIT would make SQLite prepare the statement anew at each use: so there is one for each size. */
const chunkSizes = [1, 4, 16, 64, 256, 1024]
const levels = ['off', 'normal', 'full', 'extra']
/** SQLITE_FULL, and SQLITE_IOERR_WRITE: the file system takes no more. */
const fullCodes: readonly (number | undefined)[] = [13, 778]
/** SQLITE_CORRUPT, and SQLITE_NOTADB. */
const damageCodes: readonly (number | undefined)[] = [11, 26]
/** SQLITE_PERM, SQLITE_READONLY and SQLITE_CANTOPEN, and what is said of a file that Node cannot open. */
const rightsCodes: readonly unknown[] = [3, 8, 14, 'EACCES', 'EPERM', 'EROFS']
const buffer = (bytes: unknown): Buffer => {
  const array = bytes as Uint8Array
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}

export const isFullDisk = (error: unknown): boolean => fullCodes.includes((error as { errcode?: number }).errcode)

/** What SQLite says when it reads a page that it did not write so. */
export const isDamage = (error: unknown): boolean => damageCodes.includes((error as { errcode?: number }).errcode)

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

  first(from: Buffer, to: Buffer): Pair | undefined {
    const row = this.#up[0]?.get(from, to) as unknown as [Uint8Array, Uint8Array] | undefined
    return row && [buffer(row[0]), buffer(row[1])]
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

function openFile(file: string): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    prepareFile(file)
    db = new DatabaseSync(file, { timeout: 0 })
    db.exec('PRAGMA locking_mode = EXCLUSIVE')
    refuseForeign(db, file)
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -24576; PRAGMA wal_autocheckpoint = 8000',
    )
    takeLock(db)
    const [mode, level] = [pragma(db, 'journal_mode'), pragma(db, 'synchronous')]
    if (mode !== 'wal' || level !== 2) {
      throw new UnusableFileError(
        `${file}: cannot be written durably (journal ${mode}, synchronous ${level}); move it to a local disk`,
      )
    }
    return db
  } catch (error) {
    db?.close()
    throw explained(file, error)
  }
}

const pragma = (db: DatabaseSync, name: string): unknown => db.prepare(`PRAGMA ${name}`).get()?.[name]

function refuseForeign(db: DatabaseSync, file: string): void {
  if (pragma(db, 'application_id') !== applicationId)
    throw new UnusableFileError(`${file} is another program's database; choose another directory`)
  const format = formatOf(Number(pragma(db, 'user_version')))
  if (format !== formatVersion) {
    throw new UnusableFileError(
      `${file} has format ${format}, this program reads format ${formatVersion}; use the program that wrote it`,
    )
  }
  if (Number(pragma(db, 'page_count')) > checkedPages) return
  const check = String(pragma(db, 'quick_check'))
  if (check !== 'ok') throw damaged(file, check)
}

/**
 * Takes the lock now, so that a second process is refused at its start and not at its first write; and writes the page
 * by which the log is known to be this file's.
 */
function takeLock(db: DatabaseSync): void {
  db.exec(`BEGIN EXCLUSIVE; PRAGMA user_version = ${pragma(db, 'user_version')}; COMMIT`)
}

const damaged = (file: string, why: string) =>
  new UnusableFileError(`${file} is damaged (${why.replaceAll(/\s+/g, ' ')}); restore it from a backup`)

/** Why the file cannot be opened, in a line that names the remedy. */
export function explained(file: string, error: unknown): unknown {
  if (error instanceof UnusableFileError) return error
  const { message, errcode = 0, code } = error as Error & { errcode?: number; code?: string }
  if (errcode === 5) return new FileInUseError(`${file} is in use by another process`)
  if (isDamage(error)) return damaged(file, message)
  // The upper bytes of SQLite's code tell the cause more exactly.
  if (rightsCodes.includes(errcode & 0xff) || rightsCodes.includes(code))
    return new UnusableFileError(`${file} cannot be opened (${message}); this user must be able to read and write it`)
  return error
}
