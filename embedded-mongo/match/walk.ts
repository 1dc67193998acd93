import { placeOf } from '../bson/place.ts'
import type { Doc, Value } from '../bson/values.ts'

/** Sees what a path reaches; `position` is the index in the outermost array that was gone through. */
export type Visit = (value: Value | undefined, position: number | undefined) => boolean

/**
 * The walk for matching: calls `visit` until it says true. `open` also visits the elements of an array at the
 * path's end, then the array itself. An array begun with counts as a document with the fields "0", "1" ….
 */
export function reaches(
  root: Doc | Value[],
  parts: readonly string[],
  open: boolean,
  visit: Visit,
  from = 0,
  position?: number,
): boolean {
  let value: Value | undefined = root
  let next = from
  while (next < parts.length) {
    const part = parts[next] as string
    if (value instanceof Map) value = value.get(part)
    else if (value === root && Array.isArray(value)) value = value[placeOf(part)]
    else return visit(undefined, position)
    next++
    if (Array.isArray(value)) return throughArray(value, parts, open, visit, next, position)
  }
  return visit(value, position)
}

function throughArray(
  array: Value[],
  parts: readonly string[],
  open: boolean,
  visit: Visit,
  next: number,
  position: number | undefined,
): boolean {
  if (next === parts.length) {
    if (open) {
      for (let index = 0; index < array.length; index++) if (visit(array[index], position ?? index)) return true
    }
    return visit(array, position)
  }
  const wanted = placeOf(parts[next] as string)
  for (let index = 0; index < array.length; index++) {
    const element = array[index] as Value
    const outer = position ?? index
    if (element instanceof Map && reaches(element, parts, open, visit, next, outer)) return true
    if (index !== wanted) continue
    // An index names the element itself, so it gives no position; ending the path, it opens no array.
    if (next + 1 === parts.length) {
      if (visit(element, position)) return true
    } else if (element instanceof Map) {
      if (reaches(element, parts, open, visit, next + 1, position)) return true
    } else if (Array.isArray(element) && throughArray(element, parts, open, visit, next + 1, position)) return true
  }
  return false
}

/**
 * The walk of distinct and `$lookup`: an array at the end is opened; on the way a number is a place in it, a name is
 * looked up in its documents.
 */
export function valuesAlong(document: Doc, [name, ...rest]: readonly string[], visit: (value: Value) => void): void {
  let value = document.get(name as string)
  let next = 0
  for (; next < rest.length && Array.isArray(value) && placeOf(rest[next] as string) >= 0; next++)
    value = value[placeOf(rest[next] as string)]
  const left = rest.slice(next)
  for (const each of Array.isArray(value) ? value : [value]) {
    if (each === undefined) continue
    if (left.length === 0) visit(each)
    else if (each instanceof Map) valuesAlong(each, left, visit)
  }
}
