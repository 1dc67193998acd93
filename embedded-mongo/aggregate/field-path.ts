import type { Doc, Value } from '../bson/values.ts'
import { fail } from '../errors.ts'

/** The parts of a path as the aggregation language, projections and sorts take it: no empty names, no operators. */
export function fieldPath(path: string): string[] {
  if (path === '') fail(40352, 'FieldPath cannot be constructed with empty string')
  if (path.endsWith('.')) fail(40353, "FieldPath must not end with a '.'.")
  const parts = path.split('.')
  if (parts.includes('')) fail(15998, 'FieldPath field names may not be empty strings.')
  if (parts.some((part) => part.startsWith('$')))
    fail(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.")
  return parts
}

/** The document with this value at a path, whose documents are made where there are none; undefined takes it away. */
export function withField(document: Doc, [part, ...rest]: readonly string[], value: Value | undefined): Doc {
  const name = part as string
  const inner = document.get(name)
  const made = rest.length === 0 ? value : withField(inner instanceof Map ? inner : new Map(), rest, value)
  const result = new Map(document)
  if (made === undefined) result.delete(name)
  else result.set(name, made)
  return result
}
