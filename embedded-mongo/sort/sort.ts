import { fieldPath } from '../aggregate/field-path.ts'
import { toNumber } from '../bson/arithmetic.ts'
import { compare } from '../bson/compare.ts'
import { type Doc, isNumeric, typeName, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { pathValues } from './key-walk.ts'

export interface SortField {
  path: string
  parts: string[]
  descending: boolean
}

export function parseSort(sort: Value | undefined): SortField[] {
  if (sort === undefined || sort === null) return []
  if (!(sort instanceof Map)) return fail(14, "Expected field 'sort' to be of type object")
  return [...sort].map(([path, direction]) => {
    if (direction instanceof Map) fail(2, `$meta sort is not supported by the embedded store: ${path}`)
    if (!isNumeric(direction)) return fail(15974, `Illegal key in $sort specification: ${path}: ${typeName(direction)}`)
    const sign = Math.trunc(toNumber(direction))
    if (sign !== 1 && sign !== -1) fail(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)')
    return { path, parts: fieldPath(path), descending: sign < 0 }
  })
}

/** An array sorts by its smallest element going up and by its largest going down. */
export function sortKey(document: Doc, sort: readonly SortField[]): Value[] {
  return sort.map(({ parts, descending }) => {
    const { values } = pathValues(document, parts)
    let best = values[0] as Value
    for (let index = 1; index < values.length; index++) {
      const value = values[index] as Value
      if (compare(value, best) < 0 !== descending && compare(value, best) !== 0) best = value
    }
    return best
  })
}

export function compareSortKeys(a: readonly Value[], b: readonly Value[], sort: readonly SortField[]): number {
  for (let index = 0; index < sort.length; index++) {
    const difference = compare(a[index] as Value, b[index] as Value)
    if (difference !== 0) return sort[index]?.descending ? -difference : difference
  }
  return 0
}
