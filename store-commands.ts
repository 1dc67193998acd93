import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Db, MongoClient, MongoError } from 'mongodb'
import { ConfigError } from './config/errors.ts'
import type { Settings } from './config/settings.ts'
import { explain, secretKeyFile } from './data-folder.ts'
import { copyDatabase } from './embedded-mongo/copy-database.ts'
import { CopyError } from './embedded-mongo/copy-errors.ts'
import { startEmbeddedMongo } from './embedded-mongo/server.ts'
import { runningStoreUri } from './embedded-mongo/store-note.ts'
import { databaseNamed } from './store.ts'

type Lines = string[]

/**
 * Copies the embedded store into a file that is not there yet, also while a server runs on it.
 * @throws ConfigError where there is no such store, or the file cannot be written
 */
export async function backUpStore(settings: Settings, file?: string): Promise<Lines> {
  const { dataDir } = settings
  ownStore(settings)
  const to = resolve(file ?? join(dataDir, 'backups', `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.sqlite`))
  if (!file) await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const running = await runningStoreUri(dataDir)
  const back = (db: Db) => db.admin().command({ backup: 1, to })
  if (running) await withDatabase(running, back).catch(inOneLine)
  else await withOwnStore(settings, back)
  return [`Backup: ${to}`, `What it holds is sealed with ${keyOf(settings)}: keep that too, elsewhere.`]
}

/** Moves everything from the embedded store to a MongoDB. No server may run on it: what it wrote meanwhile would be lost. */
export async function exportStore(settings: Settings, uri: string | undefined): Promise<Lines> {
  const target = uri ?? missing('store:export')
  ownStore(settings)
  const { collections, documents, hash } = await withOwnStore(settings, (from) =>
    withDatabase(target, (to) => copyDatabase(from, to)),
  )
  return [
    `Exported ${documents} documents in ${collections} collections, found equal there (${hash}).`,
    `Start with MONGODB_URI=${withoutPassword(target)} and SECRET_KEY (${keyOf(settings)}).`,
  ]
}

/** Moves everything from a MongoDB to an embedded store that is still empty. */
export async function importStore(settings: Settings, uri: string | undefined): Promise<Lines> {
  const source = uri ?? missing('store:import')
  refuseMongoDb(settings)
  const { collections, documents, hash } = await withOwnStore(settings, (to) =>
    withDatabase(source, (from) => copyDatabase(from, to)),
  )
  return [
    `Imported ${documents} documents in ${collections} collections, found equal here (${hash}).`,
    `They are sealed with the SECRET_KEY of that MongoDB: set it, or write it into ${join(settings.dataDir, secretKeyFile)}.`,
  ]
}

function ownStore(settings: Settings): void {
  refuseMongoDb(settings)
  if (!existsSync(join(settings.dataDir, 'store.sqlite')))
    throw new ConfigError(
      `DATA_DIR: there is no store in ${settings.dataDir} yet; set DATA_DIR to the folder that holds it`,
    )
}

function refuseMongoDb({ mongodbUri }: Settings): void {
  if (mongodbUri)
    throw new ConfigError(
      'MONGODB_URI: this command is about the embedded store in DATA_DIR; leave the setting out (a MongoDB has its own mongodump)',
    )
}

function missing(command: string): never {
  throw new ConfigError(`Name the MongoDB: npm run ${command} -- mongodb://host:27017/rookery`)
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

async function withDatabase<T>(uri: string, work: (db: Db) => Promise<T>): Promise<T> {
  const client = clientOf(uri)
  try {
    return await work(client.db(databaseNamed(uri)))
  } finally {
    await client.close()
  }
}

function clientOf(uri: string): MongoClient {
  try {
    return new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 })
  } catch (error) {
    throw new ConfigError(`${withoutPassword((error as Error).message)}; it should read mongodb://host:27017/rookery`)
  }
}

const withoutPassword = (text: string) => text.replace(/\/\/[^@\s/]*@/g, '//…@')

function inOneLine(error: unknown): never {
  if (error instanceof CopyError || error instanceof MongoError) throw new ConfigError(withoutPassword(error.message))
  throw error
}
