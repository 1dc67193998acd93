import { randomBytes, randomInt } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { syncFolder } from '../sync-folder.ts'
import { pagesInLog, readBytes } from './write-ahead-log.ts'

/** The file is in use, torn, or not one of ours. The message is one line that a person can act upon. */
export class UnusableFileError extends Error {}

export class FileInUseError extends UnusableFileError {}

export const applicationId = 0x6d6f6b76
export const formatVersion = 1
/**
 * SQLite's header keeps a number for us: its last byte is the format, the others tell this store's file from any
 * other.
 */
export const formatOf = (userVersion: number): number => userVersion & 0xff
const newUserVersion = (): number => (randomInt(1, 1 << 23) << 8) | formatVersion

// SQLite's "Database File Format", section 1.3.
const headerBytes = 100
const magic = 'SQLite format 3\0'
const userVersionAt = 60
const applicationIdAt = 68

/**
 * Makes the file where there is none, whole or not at all; else refuses, before SQLite touches anything, what is no
 * file of ours, and a log that belongs to another file: SQLite would write that into ours.
 */
export function prepareFile(file: string): void {
  if (!existsSync(file)) makeFile(file)
  accessSync(file, constants.R_OK | constants.W_OK)
  withFile(file, 'r', (descriptor) => checkFile(file, descriptor))
}

/** Makes a copy a store of its own: the log of the one it was copied from is then none of it. */
export function setApart(file: string): void {
  withFile(file, 'r+', (descriptor) => {
    const version = Buffer.alloc(4)
    version.writeUInt32BE(newUserVersion())
    writeSync(descriptor, version, 0, version.length, userVersionAt)
    fsyncSync(descriptor)
  })
}

function makeFile(file: string): void {
  if (sizeOf(`${file}-wal`) > 0)
    throw new UnusableFileError(
      `${file} is gone, but its ${file}-wal is there; restore both, or a backup without that one`,
    )
  const made = `${file}.${randomBytes(4).toString('hex')}.new`
  try {
    const db = new DatabaseSync(made)
    db.exec(`PRAGMA synchronous = FULL; BEGIN EXCLUSIVE;
      CREATE TABLE kv(k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID;
      PRAGMA application_id = ${applicationId};
      PRAGMA user_version = ${newUserVersion()};
      COMMIT`)
    db.close()
    // Its log takes after it.
    chmodSync(made, 0o600)
    linkSync(made, file)
    syncFolder(dirname(file))
  } catch (error) {
    // Another process was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(made, { force: true })
  }
}

function checkFile(file: string, descriptor: number): void {
  const entry = fstatSync(descriptor)
  if (!entry.isFile()) throw new UnusableFileError(`${file} is no file; move it away, or choose another directory`)
  if (entry.size === 0)
    throw new UnusableFileError(
      `${file} is empty, what was in it is lost; restore it from a backup, or remove it to begin anew`,
    )
  const header = readBytes(descriptor, 0, headerBytes)
  if (header.toString('latin1', 0, magic.length) !== magic)
    throw new UnusableFileError(`${file} is damaged or no database of this program; restore it from a backup`)
  if (header.length < headerBytes || header.readUInt32BE(applicationIdAt) !== applicationId) return
  const wal = `${file}-wal`
  if (sizeOf(wal) > 0) withFile(wal, 'r', (log) => checkLog(wal, log, identity(header)))
}

const identity = (page: Buffer): string => page.toString('latin1', userVersionAt, applicationIdAt + 4)

/** The first page carries what tells files apart; whoever opens the store writes it into the log first. */
function checkLog(wal: string, log: number, own: string): void {
  for (const { number, page } of pagesInLog(log)) {
    if (number === 1 && identity(page) !== own)
      throw new UnusableFileError(`${wal} belongs to another store; move it away (what it holds is not in this one)`)
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

function withFile(file: string, flags: string, work: (descriptor: number) => void): void {
  const descriptor = openSync(file, flags)
  try {
    work(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
