import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { mongo } from 'mongoose'
import { ConfigError } from './config/errors.ts'
import { keptSecret } from './config/kept-secret.ts'
import type { Settings } from './config/settings.ts'
import { secretKeyFile } from './data-folder.ts'
import { isSealed, isSealedWith } from './models/seal-check.ts'

type Keys = Pick<Settings, 'secretKey' | 'dataDir'>

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

/** The key that this process would use, in words that say where it lies. */
export const keyAtHand = ({ secretKey, dataDir }: Keys): string =>
  secretKey ? 'your SECRET_KEY' : `the key in ${join(dataDir, secretKeyFile)}`

/**
 * The key that everything in this database hangs on, in words that say where it lies; undefined where nothing is sealed
 * yet.
 */
export async function keyInWords({ secretKey, dataDir }: Keys, db: mongo.Db): Promise<string | undefined> {
  if (!(await isSealed(db))) return undefined
  const file = join(dataDir, secretKeyFile)
  const key = secretKey ?? (await readFile(file, 'utf8').catch(() => undefined))?.trim()
  const name = keyAtHand({ secretKey, dataDir })
  if (key === undefined) return `the key that it began with (there is no readable ${file})`
  return (await isSealedWith(key, db)) ? name : `the key that it began with (${name} is another)`
}
