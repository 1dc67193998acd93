import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { mongo } from 'mongoose'
import { ConfigError } from './config/errors.ts'
import { keptSecret } from './config/kept-secret.ts'
import { secretKeyFile } from './data-folder.ts'
import { isSealed } from './models/seal-check.ts'

/**
 * The key in the data folder; made where nothing is sealed yet, for a new one would only stand in the place of the
 * right one.
 * @throws ConfigError where the store is sealed and its key is not there
 */
export async function keptKey(dataDir: string, db: mongo.Db): Promise<string> {
  const file = join(dataDir, secretKeyFile)
  if (!existsSync(file) && (await isSealed(db)))
    throw new ConfigError(
      `SECRET_KEY: the store in ${dataDir} is sealed, and its key is not beside it; bring back ${file}, or set SECRET_KEY`,
    )
  return keptSecret(dataDir, secretKeyFile)
}
