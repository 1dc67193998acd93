import { access, constants, mkdir } from 'node:fs/promises'
import { ConfigError } from './config/errors.ts'
import { StoreInUseError, UnusableStoreError } from './embedded-mongo/server.ts'

/** What the seals hang on where no SECRET_KEY is set; it lies in the data folder. */
export const secretKeyFile = 'secret.key'

/** Makes the folder. @throws ConfigError where it cannot be written */
export async function openFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await access(dir, constants.W_OK)
  } catch (error) {
    throw new ConfigError(`DATA_DIR: ${(error as Error).message}; set DATA_DIR to a folder that can be written`)
  }
}

/** Says what is wrong with the store in the folder. @throws ConfigError, or the error itself when it is about something else */
export function explain(error: unknown): never {
  if (error instanceof StoreInUseError)
    throw new ConfigError(`DATA_DIR: ${error.message}; stop that one, or set DATA_DIR to another folder`)
  if (error instanceof UnusableStoreError) throw new ConfigError(`DATA_DIR: ${error.message}`)
  throw error
}
