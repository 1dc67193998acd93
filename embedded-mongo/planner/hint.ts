import { equal } from '../bson/compare.ts'
import type { Doc, Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { type Collection, idIndex } from '../store/collection.ts'
import type { Index } from '../store/index-keys.ts'

/** The index that a hint names; undefined without a hint. */
export function hintedIndex(collection: Collection, hint: Value | undefined): Index | undefined {
  if (hint === undefined || (hint instanceof Map && hint.size === 0)) return undefined
  if (typeof hint !== 'string' && !(hint instanceof Map)) return fail(9, 'Hint must be a string or an object')
  if (hint instanceof Map && hint.has('$natural')) return idIndex
  const all = [idIndex, ...collection.indexes]
  const found = all.find((index) => (typeof hint === 'string' ? index.name === hint : samePattern(index, hint)))
  return (
    found ??
    fail(
      2,
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    )
  )
}

function samePattern(index: Index, pattern: Doc): boolean {
  const fields = [...pattern]
  return (
    fields.length === index.fields.length &&
    index.fields.every(({ path, descending }, at) => {
      const [name, direction] = fields[at] as [string, Value]
      return name === path && equal(direction, descending ? -1 : 1)
    })
  )
}
