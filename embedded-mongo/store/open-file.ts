import { DatabaseSync } from 'node:sqlite'
import { applicationId, FileInUseError, formatOf, formatVersion, prepareFile, UnusableFileError } from './store-file.ts'

/**
 * A file of up to 8 MiB is looked through at the start; of a larger one SQLite checks only the size, and each page
 * when it is read.
 */
const checkedPages = 2048
/** SQLITE_FULL, and SQLITE_IOERR_WRITE: the file system takes no more. */
const fullCodes: readonly (number | undefined)[] = [13, 778]
/** SQLITE_CORRUPT, and SQLITE_NOTADB. */
const damageCodes: readonly (number | undefined)[] = [11, 26]
/** SQLITE_PERM, SQLITE_READONLY and SQLITE_CANTOPEN, and what is said of a file that Node cannot open. */
const rightsCodes: readonly unknown[] = [3, 8, 14, 'EACCES', 'EPERM', 'EROFS']

export const isFullDisk = (error: unknown): boolean => fullCodes.includes((error as { errcode?: number }).errcode)

/** What SQLite says when it reads a page that it did not write so. */
export const isDamage = (error: unknown): boolean => damageCodes.includes((error as { errcode?: number }).errcode)

/**
 * SQLite's view of the store's file, locked for this process alone, each commit synced.
 * @throws UnusableFileError, in one line
 */
export function openFile(file: string): DatabaseSync {
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

/** What SQLite itself says of a setting now. */
export const pragma = (db: DatabaseSync, name: string): unknown => db.prepare(`PRAGMA ${name}`).get()?.[name]

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
