import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Db, MongoError } from 'mongodb'
import { ConfigError } from './config/errors.ts'
import type { Settings } from './config/settings.ts'
import { explainExport, explainImport, source, target } from './copy-in-words.ts'
import { openFolder, secretKeyFile, storeFile } from './data-folder.ts'
import { copyDatabase } from './embedded-mongo/copy-database.ts'
import { runningStoreUri } from './embedded-mongo/store-note.ts'
import { clearHalfImports, importWhole, refuseFilledStore } from './half-import.ts'
import { keyAtHand, keyInWords } from './kept-key.ts'
import { withoutPassword } from './mongodb-address.ts'
import { breakOffAtSignal } from './signals.ts'
import { withDatabase, withStore } from './with-database.ts'

type Lines = string[]

/** A command about the embedded store; what is given to it is a file or an address. */
export type StoreCommand = { usage: string; run: (settings: Settings, given?: string) => Promise<Lines> }

const brokenOff = new ConfigError('Stopped by a signal before it was done; run it again to begin anew')

/**
 * Copies the embedded store into a file that is not there yet, also while a server runs on it.
 * @throws ConfigError where there is no such store, or the file cannot be written
 */
export async function backUpStore(settings: Settings, file?: string): Promise<Lines> {
  const { dataDir } = settings
  ownStore(settings)
  const to = resolve(file ?? join(dataDir, 'backups', `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.sqlite`))
  if (!file) await openFolder(dirname(to))
  const back = async (db: Db) => {
    await db.admin().command({ backup: 1, to })
    return keyInWords(settings, db)
  }
  const running = await runningStoreUri(dataDir)
  const key = await (running ? withDatabase(running, back) : withStore(dataDir, back)).catch(inOneLine)
  const sealed = key ? `What it holds is sealed with ${key}: keep that too, elsewhere.` : 'Nothing in it is sealed yet.'
  return [`Backup: ${to}`, sealed]
}

/**
 * Moves everything from the embedded store to a MongoDB. No server may run on it: what it wrote meanwhile would be
 * lost.
 */
export async function exportStore(settings: Settings, uri: string | undefined): Promise<Lines> {
  const theirs = uri ?? missing('store:export')
  ownStore(settings)
  const move = (signal: AbortSignal) =>
    withStore(settings.dataDir, async (from) => {
      const copy = (to: Db) => copyDatabase(from, to, signal).catch(explainExport)
      return { ...(await withDatabase(theirs, copy, target)), key: await keyInWords(settings, from) }
    })
  const { collections, documents, hash, key } = await breakOffAtSignal(brokenOff, move)
  return [
    `Exported ${documents} documents in ${collections} collections, found equal there (${hash}).`,
    `Start with MONGODB_URI=${withoutPassword(theirs)} and SECRET_KEY (${key ?? 'a new one: nothing is sealed yet'}).`,
  ]
}

/** Moves everything from a MongoDB to an embedded store that is still empty. */
export async function importStore(settings: Settings, uri: string | undefined): Promise<Lines> {
  const theirs = uri ?? missing('store:import')
  const { dataDir } = settings
  await openFolder(dataDir)
  const cleared = await clearHalfImports(dataDir)
  await refuseFilledStore(dataDir)
  const move = (signal: AbortSignal) => {
    const copy = (from: Db) => async (to: Db) => {
      const copied = await copyDatabase(from, to, signal).catch(explainImport)
      return { ...copied, key: await keyInWords(settings, to) }
    }
    return withDatabase(theirs, (from) => importWhole(dataDir, copy(from)), source)
  }
  const { collections, documents, hash, key } = await breakOffAtSignal(brokenOff, move)
  return [
    ...cleared.map((folder) => `Took away ${folder}, the half that a killed import had left.`),
    `Imported ${documents} documents in ${collections} collections, found equal here (${hash}).`,
    ...(key ? [keyOfImport(settings, key)] : []),
  ]
}

export const storeCommands: ReadonlyMap<string, StoreCommand> = new Map([
  ['backup', { run: backUpStore, usage: 'npm run backup, or npm run backup -- FILE' }],
  ['store:export', { run: exportStore, usage: usageOf('store:export') }],
  ['store:import', { run: importStore, usage: usageOf('store:import') }],
])

function ownStore(settings: Settings): void {
  if (!existsSync(join(settings.dataDir, storeFile)))
    throw new ConfigError(
      `DATA_DIR: there is no store in ${settings.dataDir} yet; set DATA_DIR to the folder that holds it`,
    )
}

function missing(command: string): never {
  throw new ConfigError(`Name the MongoDB: ${usageOf(command)}`)
}

function usageOf(command: string): string {
  return `npm run ${command} -- mongodb://host:27017/rookery`
}

function keyOfImport(settings: Settings, key: string): string {
  if (key === keyAtHand(settings)) return `They are sealed with ${key}.`
  const file = join(settings.dataDir, secretKeyFile)
  return `They are sealed with the SECRET_KEY of that MongoDB: set it, or write it into ${file}.`
}

function inOneLine(error: unknown): never {
  throw error instanceof MongoError ? new ConfigError(withoutPassword(error.message)) : error
}
