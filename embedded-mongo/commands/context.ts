import type { Clock } from '../aggregate/expression.ts'
import { truthy } from '../aggregate/scope.ts'
import { toNumber } from '../bson/arithmetic.ts'
import type { Encodable } from '../bson/encode.ts'
import { type Doc, isNumeric, typeName, type Value } from '../bson/values.ts'
import type { Connections } from '../connections.ts'
import { fail } from '../errors.ts'
import type { Catalog } from '../store/catalog.ts'
import type { Collection } from '../store/collection.ts'
import type { KeyValueStore } from '../store/key-value.ts'
import type { Cursors } from './cursors.ts'

/** What a command works with. */
export interface Context {
  kv: KeyValueStore
  catalog: Catalog
  cursors: Cursors
  connections: Connections
  clock: Clock
  database: string
  connectionId: number
  /** Whether it came by a way that only this user can take. */
  local: boolean
  /** When the time that the command was given is over, by the monotonic clock; Infinity without one. */
  deadline: number
  /** @throws CommandError 50 when the time that the command was given is over */
  checkTime(): void
  /** What insert brought, byte for byte. */
  documents: Buffer[]
}

export type Reply = Map<string, Encodable>

/** A command that reads much yields now and then, so that others can run between. */
export type Handler = (context: Context, command: Doc) => Reply | Generator<undefined, Reply, void>

export type LastingHandler = (context: Context, command: Doc) => Promise<Reply>

export const ok = (fields: Record<string, Encodable> = {}): Reply => new Map(Object.entries({ ...fields, ok: 1 }))

export const fields = (record: Record<string, Encodable>): Reply => new Map(Object.entries(record))

export function collectionName(command: Doc): string {
  const name = command.values().next().value
  if (typeof name !== 'string') return fail(73, `collection name has invalid type ${typeName(name as Value)}`)
  return name || fail(73, `Invalid namespace specified '${command.get('$db')}.'`)
}

export const collectionOf = (context: Context, command: Doc): Collection | undefined =>
  context.catalog.find(context.database, collectionName(command))

export function documentOption(command: Doc, name: string): Doc | undefined {
  const value = command.get(name)
  if (value === undefined || value === null) return undefined
  return value instanceof Map ? value : wrongType(name, 'object', value)
}

export function numberOption(command: Doc, name: string): number | undefined {
  const value = command.get(name)
  if (value === undefined || value === null) return undefined
  if (!isNumeric(value)) return wrongType(name, 'long', value)
  const number = Math.trunc(toNumber(value))
  // As MongoDB takes it, where a whole number is wanted.
  return Number.isNaN(number) ? 0 : number
}

export function countOption(command: Doc, name: string): number | undefined {
  const value = numberOption(command, name)
  if (value !== undefined && value < 0) fail(51024, `BSON field '${name}' value must be >= 0, actual value '${value}'`)
  return value
}

export const flag = (command: Doc, name: string): boolean => truthy(command.get(name))

/** The arrays that commands must bring: command-fields.ts has seen that they do. */
export const arrayOption = (command: Doc, name: string): Value[] => command.get(name) as Value[]

/** When a command's `maxTimeMS` is over, by the monotonic clock; Infinity without one. */
export function deadlineOf(command: Doc): number {
  const time = numberOption(command, 'maxTimeMS') ?? 0
  if (time < 0 || time > 2_147_483_647) fail(2, `${time} value for maxTimeMS is out of range`)
  return time === 0 ? Number.POSITIVE_INFINITY : performance.now() + time
}

export function refuseLate(deadline: number): void {
  if (performance.now() > deadline) fail(50, 'operation exceeded time limit')
}

export function wrongType(name: string, wanted: string, value: Value): never {
  return fail(14, `BSON field '${name}' is the wrong type '${typeName(value)}', expected type '${wanted}'`)
}
