import mongoose from 'mongoose'
import type { Settings } from './config/settings.ts'
import { unlockVault } from './config/vault.ts'
import { endWhenLost, explain, openFolder } from './data-folder.ts'
import { startEmbeddedMongo } from './embedded-mongo/server.ts'
import { runningStoreUri } from './embedded-mongo/store-note.ts'
import { refuseHalfImport } from './half-import.ts'
import { keptKey } from './kept-key.ts'
import { checkSeal } from './models/seal-check.ts'
import { keepSoleUsersApart } from './models/sole-users.ts'
import { measureStoreClock } from './models/store-clock.ts'
import { type Address, databaseNamed, explainAddress } from './mongodb-address.ts'

const measureClockEveryMs = 10_000
const setting: Address = { name: 'MONGODB_URI', remedy: 'start it, or leave the setting out' }

export type Store = {
  /** No other process uses this store. */
  alone: boolean
  close(): Promise<void>
}

/** Opens the store for a server: MongoDB where one is set, else the embedded one in the data folder. */
export async function openStore(settings: Settings): Promise<Store> {
  await openFolder(settings.dataDir)
  if (settings.mongodbUri) return connect(settings, settings.mongodbUri, async () => {}, false)
  await refuseHalfImport(settings.dataDir)
  const { uri, lost, close } = await startEmbeddedMongo({ dir: settings.dataDir }).catch(explain)
  endWhenLost(lost)
  return connect(settings, uri, close, true)
}

/** Opens the store for a command beside a server that may be running: the embedded one through its socket then. */
export async function joinStore(settings: Settings): Promise<Store> {
  const running = settings.mongodbUri ? undefined : await runningStoreUri(settings.dataDir)
  return running ? connect(settings, running, async () => {}, false) : openStore(settings)
}

async function connect(
  settings: Settings,
  uri: string,
  closeStore: () => Promise<void>,
  alone: boolean,
): Promise<Store> {
  try {
    const dbName = databaseNamed(uri)
    const { connection } = await mongoose.connect(uri, {
      autoIndex: false,
      autoCreate: false,
      promoteBuffers: true,
      serverSelectionTimeoutMS: 5_000,
      dbName,
    })
    unlockVault(settings.secretKey ?? (await keptKey(settings.dataDir, connection.getClient().db(dbName))))
    await measureStoreClock()
    await checkSeal()
    await keepSoleUsersApart()
    // One after another: parallel index builds can end in a deadlock on some servers.
    for (const model of Object.values(mongoose.models)) await model.createIndexes()
  } catch (error) {
    await mongoose.disconnect()
    await closeStore()
    throw settings.mongodbUri ? explainAddress(setting, error) : error
  }
  // A measurement that fails leaves the last one; that the store is out of reach others say.
  const measuring = setInterval(() => measureStoreClock().catch(() => {}), measureClockEveryMs)
  return {
    alone,
    async close() {
      clearInterval(measuring)
      await mongoose.disconnect()
      await closeStore()
    },
  }
}
