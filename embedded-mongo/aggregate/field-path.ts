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
