import { access, constants, mkdir } from 'node:fs/promises'
import { ConfigError } from './config/errors.ts'
import { StoreInUseError, type StoreLostError, UnusableStoreError } from './embedded-mongo/start-errors.ts'

/** What the seals hang on where no SECRET_KEY is set; it lies in the data folder. */
export const secretKeyFile = 'secret.key'

/** The name of the embedded store's file in its folder. */
export const storeFile = 'store.sqlite'

/** Makes the folder. @throws ConfigError where it cannot be written */
export async function openFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await access(dir, constants.W_OK)
  } catch (error) {
    throw new ConfigError(`DATA_DIR: ${(error as Error).message}; set DATA_DIR to a folder that can be written`)
  }
}

/**
 * Says what is wrong with the store in the folder. @throws ConfigError, or the error itself when it is about
 * something else
 */
export function explain(error: unknown): never {
  if (error instanceof StoreInUseError)
    throw new ConfigError(`DATA_DIR: ${error.message}; stop that one, or set DATA_DIR to another folder`)
  if (error instanceof UnusableStoreError) throw new ConfigError(`DATA_DIR: ${error.message}`)
  throw error
}

/**
 * Nothing goes on without the store: says why in one line, and ends the process, so that whoever watches over it
 * starts it again.
 */
export function endWhenLost(lost: Promise<StoreLostError>): void {
  lost.then(({ message }) => {
    process.stderr.write(`${message}\n`)
    process.exit(1)
  })
}
