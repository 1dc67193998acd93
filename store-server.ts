import { ConfigError } from './config/errors.ts'
import { keptSecret } from './config/kept-secret.ts'
import { createLogger } from './config/logger.ts'
import { onPort } from './config/on-port.ts'
import { loadSettings, type Settings } from './config/settings.ts'
import { endWhenLost, explain, openFolder } from './data-folder.ts'
import { type EmbeddedMongo, startEmbeddedMongo } from './embedded-mongo/server.ts'
import { refuseHalfImport } from './half-import.ts'
import { keptKey, keyAtHand, keyInWords } from './kept-key.ts'
import { closeAtSignal } from './signals.ts'
import { withDatabase } from './with-database.ts'

const user = 'rookery'
const loopback = ['127.0.0.1', 'localhost', '::1']

/**
 * Serves the embedded store to the processes of this machine.
 * @throws ConfigError where a setting is wrong, another process has the store, or the port cannot be had
 */
async function serveStore(settings: Settings): Promise<EmbeddedMongo & { key: string }> {
  const { dataDir, host, storePort, storePassword } = settings
  if (!loopback.includes(host))
    throw new ConfigError(
      'HOST: the store is served on 127.0.0.1 alone, since nothing it says is encrypted; leave HOST out',
    )
  await openFolder(dataDir)
  await refuseHalfImport(dataDir)
  const password = storePassword ?? (await keptSecret(dataDir, 'store.password'))
  const tcp = { port: storePort, user, password }
  const store = await onPort('STORE_PORT', storePort, () => startEmbeddedMongo({ dir: dataDir, tcp }).catch(explain))
  endWhenLost(store.lost)
  const uri = store.uri.replace('/?', '/rookery?')
  try {
    return { ...store, uri, key: await keepKey(settings, uri) }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** The processes need the very key that an earlier start in this folder has sealed with: says which that is. */
function keepKey(settings: Settings, uri: string): Promise<string> {
  return withDatabase(uri, async (db) => {
    if (!settings.secretKey) await keptKey(settings.dataDir, db)
    return (await keyInWords(settings, db)) ?? keyAtHand(settings)
  })
}

const say = (line: string) => process.stdout.write(`${line}\n`)

try {
  const settings = loadSettings()
  const { uri, key, close } = await serveStore(settings)
  say(`Store: ${settings.dataDir}, for the processes of this machine. They share these settings:`)
  say(`MONGODB_URI=${uri}`)
  say(`SECRET_KEY=(${key})`)
  closeAtSignal(close, createLogger(settings.logLevel))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
