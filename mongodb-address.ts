import { MongoError, MongoRuntimeError, MongoServerError } from 'mongodb'
import { ConfigError } from './config/errors.ts'

/** Where a person has named a MongoDB, and what to do when none answers there. */
export type Address = { name: string; remedy: string }

/** The database that Rookery uses at this address: the one it names, else `rookery`. */
export function databaseNamed(uri: string): string {
  const [, named = ''] = /^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]*)/.exec(uri) ?? []
  return decodeURIComponent(named) || 'rookery'
}

export const withoutPassword = (text: string): string => text.replace(/\/\/\S*@/g, '//…@')

const isUnusable = (error: Error): boolean =>
  error.name === 'MongoParseError' ||
  error instanceof MongoRuntimeError ||
  // A name that no database can have.
  error.name === 'MongoInvalidArgumentError' ||
  // A per cent sign that encodes nothing.
  error instanceof URIError ||
  'syscall' in error

/** What is wrong with the address, where that is what is wrong; a password in it is not repeated. */
export function explainAddress({ name, remedy }: Address, error: unknown): unknown {
  if (error instanceof ConfigError || !(error instanceof Error)) return error
  const said = withoutPassword(error.message)
  if (/^Mongo(ose)?ServerSelectionError$/.test(error.name))
    return new ConfigError(`${name}: no MongoDB answers there (${said}); ${remedy}`)
  if (isUnusable(error)) return new ConfigError(`${name}: ${said}; it should read mongodb://host:27017/rookery`)
  const refused = error instanceof MongoServerError && (error.code === 18 || error.code === 13)
  return refused ? new ConfigError(`${name}: MongoDB refuses the login (${said}); check name and password`) : error
}

/** The same, of whatever the MongoDB at this address has said, or the driver about it. */
export function explainMongoDb(address: Address, error: unknown): unknown {
  const explained = explainAddress(address, error)
  if (!(explained instanceof MongoError)) return explained
  const refused = explained instanceof MongoServerError
  const remedy = refused ? 'check the address, and what its login may do there' : address.remedy
  return new ConfigError(`${address.name}: ${withoutPassword(explained.message)}; ${remedy}`)
}
