import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from 'mongodb'
import { ConfigError } from './config/errors.ts'
import { explain, storeFile } from './data-folder.ts'
import { startEmbeddedMongo } from './embedded-mongo/server.ts'
import { StoreInUseError, UnusableStoreError } from './embedded-mongo/start-errors.ts'
import { syncFolder } from './embedded-mongo/sync-folder.ts'
import { withStore } from './with-database.ts'

/** Until it is whole, an import lies in a folder of its own in the data folder. */
const prefix = 'store.import-'

/** Nobody begins anew, with another key, where an import is to stand. @throws ConfigError where half of one lies */
export async function refuseHalfImport(dataDir: string): Promise<void> {
  const half = (await importFolders(dataDir)).find((folder) => existsSync(join(folder, storeFile)))
  if (!half) return
  const remedy = `let it end, or run it again (npm run store:import), or remove ${half}`
  throw new ConfigError(`DATA_DIR: an import into it is under way or was killed; ${remedy}`)
}

/** Takes away what killed imports have left, and answers where that was. @throws ConfigError where one is under way */
export async function clearHalfImports(dataDir: string): Promise<string[]> {
  const folders = await importFolders(dataDir)
  for (const folder of folders) {
    // Its lock tells whether anybody has it, and its start clears the socket of the killed one away.
    const store = await startEmbeddedMongo({ dir: folder }).catch((error) => explainHalf(folder, error))
    await store?.close()
    await rm(folder, { recursive: true, force: true })
  }
  return folders
}

/**
 * Lets the work fill a store, which becomes the one of the data folder when the work is done; else nothing of it
 * stays.
 */
export async function importWhole<T>(dataDir: string, work: (to: Db) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(dataDir, prefix))
  try {
    const done = await withStore(folder, work)
    // Closed, the store is one file, without a log, and synced. Meanwhile somebody may have put another there.
    await refuseFilledStore(dataDir)
    await rename(join(folder, storeFile), join(dataDir, storeFile))
    syncFolder(dataDir)
    return done
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** @throws ConfigError where the data folder has a store that holds anything, or that somebody uses */
export async function refuseFilledStore(dataDir: string): Promise<void> {
  const files = [storeFile, `${storeFile}-wal`].map((name) => join(dataDir, name))
  if (!files.some(existsSync)) return
  const { databases } = await withStore(dataDir, (db) => db.admin().listDatabases())
  if (databases.length > 0)
    throw new ConfigError('DATA_DIR: the store there is not empty; set DATA_DIR to an empty folder')
}

async function importFolders(dataDir: string): Promise<string[]> {
  return (await readdir(dataDir)).filter((name) => name.startsWith(prefix)).map((name) => join(dataDir, name))
}

function explainHalf(folder: string, error: unknown): undefined {
  if (error instanceof StoreInUseError)
    throw new ConfigError(`DATA_DIR: another import into it is under way (in ${folder}); let it end`)
  // Killed before its file was whole: it is to go anyway.
  if (error instanceof UnusableStoreError) return undefined
  return explain(error)
}
