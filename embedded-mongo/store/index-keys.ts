import { childOf, placeOf } from '../bson/place.ts'
import type { Doc, Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { type Filter, matches } from '../match/filter.ts'
import { type PathValues, pathValues } from '../sort/key-walk.ts'
import type { SortField } from '../sort/sort.ts'
import { invert, valueKey } from './value-key.ts'

export interface Index {
  number: number
  name: string
  /** As it was asked for and as listIndexes tells it. */
  specification: Doc
  fields: SortField[]
  unique: boolean
  sparse: boolean
  partial: Filter | undefined
  /** The top-level fields that decide which keys a document has here; undefined: all may. */
  decidedBy: ReadonlySet<string> | undefined
  expireAfterSeconds: number | undefined
  /** Whether any document has put more than one key here, or the elements of an array. */
  multikey: boolean
}

export interface IndexKey {
  bytes: Buffer
  values: Value[]
}

/** The keys a document has in an index: none if it is not in it, several if an array was opened. */
export function indexKeys(index: Index, document: Doc): { keys: IndexKey[]; multikey: boolean } {
  if (index.partial && !matches(index.partial, document)) return { keys: [], multikey: false }
  if (index.sparse && index.fields.every(({ parts }) => isAbsent(document, parts))) return { keys: [], multikey: false }
  const tuples = valueTuples(index.fields, document)
  const keys = new Map<string, IndexKey>()
  for (const values of tuples.list) {
    const bytes = encodeTuple(index.fields, values)
    keys.set(tuples.list.length > 1 ? bytes.toString('latin1') : '', { bytes, values })
  }
  return { keys: [...keys.values()], multikey: tuples.multikey }
}

export function encodeTuple(fields: readonly SortField[], values: readonly Value[]): Buffer {
  const parts = values.map((value, at) => (fields[at]?.descending ? invert(valueKey(value)) : valueKey(value)))
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
}

function isAbsent(document: Doc, parts: readonly string[]): boolean {
  const { values } = pathValues(document, parts)
  return values.every((value) => value === null) && !reachesNull(document, parts)
}

/** Sparse leaves out missing fields, but keeps a null that is really there. */
function reachesNull(value: Value | undefined, parts: readonly string[], from = 0): boolean {
  if (from === parts.length) return value !== undefined
  if (Array.isArray(value)) {
    const place = placeOf(parts[from] as string)
    return value.some((each, at) =>
      at === place ? reachesNull(each, parts, from + 1) : each instanceof Map && reachesNull(each, parts, from),
    )
  }
  return value instanceof Map && reachesNull(value.get(parts[from] as string), parts, from + 1)
}

function valueTuples(fields: readonly SortField[], document: Doc): { list: Value[][]; multikey: boolean } {
  const columns = fields.map(({ parts }) => pathValues(document, parts))
  const arrays = columns.flatMap((column, at) => (column.arrayAt === undefined ? [] : [at]))
  if (arrays.length > 1) return { list: sharedArrayTuples(fields, document, columns, arrays), multikey: true }
  let list: Value[][] = [[]]
  for (const { values } of columns) list = list.flatMap((tuple) => values.map((value) => [...tuple, value]))
  return { list, multikey: arrays.length > 0 }
}

/** Several fields may go through one and the same array: then its elements are taken one at a time. */
function sharedArrayTuples(
  fields: readonly SortField[],
  document: Doc,
  columns: PathValues[],
  arrays: number[],
): Value[][] {
  const paths = arrays.map((at) => fields[at]?.parts.slice(0, columns[at]?.arrayAt) as string[])
  const [first, ...rest] = paths as [string[], ...string[][]]
  for (const [at, path] of rest.entries()) {
    if (path.join('.') !== first.join('.')) {
      fail(
        171,
        `cannot index parallel arrays [${fields[arrays[at + 1] as number]?.parts.at(-1)}] [${fields[arrays[0] as number]?.parts.at(-1)}]`,
      )
    }
  }
  const array = first.reduce<Value | undefined>(childOf, document)
  const elements: Value[] = Array.isArray(array) && array.length > 0 ? array : [null]
  return elements.flatMap((element) => valueTuples(fields, withValue(document, first, element) as Doc).list)
}

/** What stands on the way to the array is there: documents, and arrays at a place. */
function withValue(value: Value | undefined, [part, ...rest]: readonly string[], replacement: Value): Value {
  if (part === undefined) return replacement
  const made = withValue(childOf(value, part), rest, replacement)
  return Array.isArray(value) ? value.with(placeOf(part), made) : new Map(value as Doc).set(part, made)
}
