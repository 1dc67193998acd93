import { MongoRuntimeError, MongoServerError } from 'mongodb'
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
