import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Db, MongoClient, MongoError } from 'mongodb'
import { ConfigError } from './config/errors.ts'
import type { Settings } from './config/settings.ts'
import { explain, openFolder, secretKeyFile } from './data-folder.ts'
import { copyDatabase } from './embedded-mongo/copy-database.ts'
import { CopyError, EmptySourceError, FilledTargetError } from './embedded-mongo/copy-errors.ts'
import { startEmbeddedMongo } from './embedded-mongo/server.ts'
import { runningStoreUri } from './embedded-mongo/store-note.ts'
import { type Address, databaseNamed, explainAddress, withoutPassword } from './mongodb-address.ts'

type Lines = string[]

/** A command about the embedded store; what is given to it is a file or an address. */
export type StoreCommand = { usage: string; run: (settings: Settings, given?: string) => Promise<Lines> }

const ours: Address = { name: 'DATA_DIR', remedy: 'try again' }
const target: Address = { name: 'The MongoDB to export to', remedy: 'start it, or correct its address' }
const source: Address = { name: 'The MongoDB to import from', remedy: 'start it, or correct its address' }

/**
 * Copies the embedded store into a file that is not there yet, also while a server runs on it.
 * @throws ConfigError where there is no such store, or the file cannot be written
 */
export async function backUpStore(settings: Settings, file?: string): Promise<Lines> {
  const { dataDir } = settings
  ownStore(settings)
  const to = resolve(file ?? join(dataDir, 'backups', `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.sqlite`))
  if (!file) await openFolder(dirname(to))
  const running = await runningStoreUri(dataDir)
  const back = (db: Db) => db.admin().command({ backup: 1, to })
  if (running) await withDatabase(running, back).catch(inOneLine)
  else await withOwnStore(settings, back)
  return [`Backup: ${to}`, `What it holds is sealed with ${keyOf(settings)}: keep that too, elsewhere.`]
}

/**
 * Moves everything from the embedded store to a MongoDB. No server may run on it: what it wrote meanwhile would be
 * lost.
 */
export async function exportStore(settings: Settings, uri: string | undefined): Promise<Lines> {
  const theirs = uri ?? missing('store:export')
  ownStore(settings)
  const copy = (from: Db) => withDatabase(theirs, (to) => copyDatabase(from, to), target)
  const { collections, documents, hash } = await withOwnStore(settings, (from) => copy(from).catch(explainNothing))
  return [
    `Exported ${documents} documents in ${collections} collections, found equal there (${hash}).`,
    `Start with MONGODB_URI=${withoutPassword(theirs)} and SECRET_KEY (${keyOf(settings)}).`,
  ]
}

/** Moves everything from a MongoDB to an embedded store that is still empty. */
export async function importStore(settings: Settings, uri: string | undefined): Promise<Lines> {
  const theirs = uri ?? missing('store:import')
  await openFolder(settings.dataDir)
  const copy = (from: Db) => withOwnStore(settings, (to) => copyDatabase(from, to).catch(explainFilled))
  const { collections, documents, hash } = await withDatabase(theirs, copy, source)
  return [
    `Imported ${documents} documents in ${collections} collections, found equal here (${hash}).`,
    `They are sealed with the SECRET_KEY of that MongoDB: set it, or write it into ${join(settings.dataDir, secretKeyFile)}.`,
  ]
}

export const storeCommands: ReadonlyMap<string, StoreCommand> = new Map([
  ['backup', { run: backUpStore, usage: 'npm run backup, or npm run backup -- FILE' }],
  ['store:export', { run: exportStore, usage: usageOf('store:export') }],
  ['store:import', { run: importStore, usage: usageOf('store:import') }],
])

function ownStore(settings: Settings): void {
  if (!existsSync(join(settings.dataDir, 'store.sqlite')))
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

function explainNothing(error: unknown): never {
  if (!(error instanceof EmptySourceError)) throw error
  throw new ConfigError('DATA_DIR: the store there holds nothing yet; set DATA_DIR to the folder of the one to export')
}

function explainFilled(error: unknown): never {
  if (!(error instanceof FilledTargetError)) throw error
  throw new ConfigError('DATA_DIR: the store there is not empty; set DATA_DIR to an empty folder')
}

const keyOf = ({ secretKey, dataDir }: Settings) =>
  secretKey ? 'your SECRET_KEY' : `the key in ${join(dataDir, secretKeyFile)}`

async function withOwnStore<T>({ dataDir }: Settings, work: (db: Db) => Promise<T>): Promise<T> {
  const store = await startEmbeddedMongo({ dir: dataDir }).catch(explain)
  try {
    return await withDatabase(store.uri, work).catch(inOneLine)
  } finally {
    await store.close()
  }
}

async function withDatabase<T>(uri: string, work: (db: Db) => Promise<T>, address = ours): Promise<T> {
  const client = await connected(uri).catch((error) => {
    throw explainAddress(address, error)
  })
  try {
    return await work(client.db(databaseNamed(uri)))
  } finally {
    await client.close()
  }
}

async function connected(uri: string): Promise<MongoClient> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 })
  try {
    return await client.connect()
  } catch (error) {
    await client.close()
    throw error
  }
}

function inOneLine(error: unknown): never {
  if (error instanceof CopyError || error instanceof MongoError) throw new ConfigError(withoutPassword(error.message))
  throw error
}
