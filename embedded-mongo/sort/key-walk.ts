import { placeOf } from '../bson/place.ts'
import { type Doc, undefinedValue, type Value } from '../bson/values.ts'

/** What a path contributes to an index or a sort: its values, and how far down the path the first array was opened. */
export interface PathValues {
  values: Value[]
  arrayAt: number | undefined
}

/** The walk for keys and sorts: missing counts as null, an empty array as undefined (below null). */
export function pathValues(document: Doc, parts: readonly string[]): PathValues {
  const found: PathValues = { values: [], arrayAt: undefined }
  collect(document, parts, 0, found)
  return found
}

function collect(value: Value | undefined, parts: readonly string[], next: number, found: PathValues): void {
  if (next === parts.length) {
    if (!Array.isArray(value)) found.values.push(value ?? null)
    else {
      found.arrayAt ??= next
      if (value.length === 0) found.values.push(undefinedValue)
      for (const element of value) found.values.push(element)
    }
  } else if (value instanceof Map) collect(value.get(parts[next] as string), parts, next + 1, found)
  else if (Array.isArray(value)) collectArray(value, parts, next, found)
  else found.values.push(null)
}

function collectArray(array: Value[], parts: readonly string[], next: number, found: PathValues): void {
  const part = parts[next] as string
  const place = placeOf(part)
  if (place >= 0) {
    const element = array[place]
    // An element named by its index stands as it is, even if it is an array.
    if (next + 1 === parts.length) found.values.push(element ?? null)
    else collect(element, parts, next + 1, found)
    return
  }
  found.arrayAt ??= next
  if (array.length === 0) found.values.push(null)
  for (const element of array) {
    if (element instanceof Map) collect(element, parts, next, found)
    else found.values.push(null)
  }
}
