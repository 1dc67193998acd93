import { MongoError } from 'mongodb'
import { ConfigError } from './config/errors.ts'
import { CopyError, EmptySourceError, LeftoverError, type Side } from './embedded-mongo/copy-errors.ts'
import { type Address, explainMongoDb, withoutPassword } from './mongodb-address.ts'

export const target: Address = { name: 'The MongoDB to export to', remedy: 'start it, or correct its address' }
export const source: Address = { name: 'The MongoDB to import from', remedy: 'start it, or correct its address' }

/** Says what stood against an export, and at which side. @throws ConfigError, or the error itself when it is a bug */
export function explainExport(error: unknown): never {
  if (error instanceof EmptySourceError)
    throw new ConfigError(
      'DATA_DIR: the store there holds nothing yet; set DATA_DIR to the folder of the one to export',
    )
  throw inWords({ side: 'target', address: target }, error)
}

/** The same of an import; whatever that had copied goes with its folder. */
export function explainImport(error: unknown): never {
  throw inWords({ side: 'source', address: source }, error instanceof LeftoverError ? error.cause : error)
}

type Theirs = { side: Side; address: Address }

function inWords(theirs: Theirs, error: unknown): unknown {
  if (error instanceof LeftoverError) {
    const cause = inWords(theirs, error.cause)
    return cause instanceof ConfigError ? new ConfigError(`${cause.message}; ${error.left}`) : error
  }
  if (!(error instanceof CopyError)) return error
  const { side, cause, message } = error
  if (side === theirs.side && cause instanceof MongoError) return explainMongoDb(theirs.address, cause)
  const where = side === theirs.side ? theirs.address.name : 'DATA_DIR'
  return new ConfigError(`${side ? `${where}: ` : ''}${withoutPassword(message)}`)
}
