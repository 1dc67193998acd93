import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

const schema = `
  CREATE TABLE IF NOT EXISTS people (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS bots (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS chats (bot INTEGER, person INTEGER, body TEXT NOT NULL, PRIMARY KEY (bot, person)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS group_chats (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY, owner INTEGER NOT NULL, chat INTEGER NOT NULL, id INTEGER NOT NULL, sender INTEGER NOT NULL,
    body TEXT NOT NULL, first_text TEXT, deleted INTEGER NOT NULL DEFAULT 0);
  CREATE UNIQUE INDEX IF NOT EXISTS messages_of_chat ON messages (owner, chat, id);
  CREATE INDEX IF NOT EXISTS messages_of_sender ON messages (sender, seq);
  CREATE TABLE IF NOT EXISTS updates (bot INTEGER, id INTEGER, body TEXT NOT NULL, PRIMARY KEY (bot, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS limits (bot INTEGER PRIMARY KEY, enforced INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY, bot INTEGER NOT NULL, path TEXT NOT NULL UNIQUE, body TEXT NOT NULL, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS sms (id INTEGER PRIMARY KEY, person INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS sms_of_person ON sms (person, id);
  CREATE TABLE IF NOT EXISTS botfather (person INTEGER PRIMARY KEY, step TEXT NOT NULL);`

/**
 * The sandbox's one SQLite file. Writes of one turn of the event loop share a transaction: they can be read at once, and
 * `committed()` resolves when they are on disk. A commit survives the death of the process, not the loss of power.
 */
export class Store {
  readonly #db: DatabaseSync
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  #open = false
  #failure: Error | undefined
  #batch = Promise.withResolvers<void>()
  #afterCommit: (() => void)[] = []

  constructor(dir: string) {
    mkdirSync(dir, { recursive: true })
    this.#db = openAlone(dir)
    this.#begin = this.#db.prepare('BEGIN')
    this.#commit = this.#db.prepare('COMMIT')
  }

  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql)
  }

  write(statement: StatementSync, ...values: SQLInputValue[]): void {
    this.#join()
    statement.run(...values)
  }

  /** Resolves when everything written so far is committed. */
  committed(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure)
    return this.#open ? this.#batch.promise : Promise.resolve()
  }

  /** Runs once what has been written so far is committed: what others see must not be lost again. */
  afterCommit(act: () => void): void {
    this.#join()
    this.#afterCommit.push(act)
  }

  close(): void {
    if (this.#open) this.#finish()
    this.#db.close()
  }

  #join(): void {
    if (this.#failure) throw this.#failure
    if (this.#open) return
    this.#begin.run()
    this.#open = true
    setImmediate(() => {
      if (this.#open) this.#finish()
    })
  }

  /** A commit that fails leaves memory ahead of the disk, so nothing is written or acknowledged any more. */
  #finish(): void {
    const batch = this.#batch
    const acts = this.#afterCommit
    this.#open = false
    this.#batch = Promise.withResolvers()
    this.#afterCommit = []
    try {
      this.#commit.run()
    } catch (cause) {
      this.#failure = new Error('The sandbox cannot write its data any more; mend the disk and start it again', {
        cause,
      })
      batch.promise.catch(() => undefined)
      batch.reject(this.#failure)
      return
    }
    batch.resolve()
    for (const act of acts) act()
  }
}

/** 64 MB of pages in memory, and as many in the log before they are moved, which waits for the disk. */
const forMany = 'PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384;'

function openAlone(dir: string): DatabaseSync {
  const db = new DatabaseSync(join(dir, 'sandbox.sqlite'))
  try {
    // The exclusive lock lasts until the file is closed or the process dies: a second process cannot open it.
    db.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${forMany}
      BEGIN IMMEDIATE; COMMIT`)
    db.exec(schema)
    return db
  } catch (cause) {
    db.close()
    if ((cause as { errcode?: number }).errcode !== 5) throw cause
    throw new Error(`Another sandbox already uses ${dir}: stop it, or give this one another DATA_DIR`, { cause })
  }
}
