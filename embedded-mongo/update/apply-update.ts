import { compare } from '../bson/compare.ts'
import { encodeDocument } from '../bson/encode.ts'
import { type Doc, Regex, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { conjuncts, type Filter } from '../match/filter.ts'
import type { Update } from './parse-update.ts'
import { comparePaths, concretePaths, modifyAt, takeForRename } from './path-update.ts'

/**
 * Gives the document as it is after the update. The one given stays as it is, and what the update does not change is
 * in both. `position` is where the filter found its match in an array.
 */
export function applyUpdate(update: Update, document: Doc, position: number | undefined, inserting = false): Doc {
  const id = document.get('_id')
  const result = changed(update, document, position, inserting)
  if (id !== undefined) keepId(result, id, update.kind)
  return idFirst(result)
}

function changed(update: Update, document: Doc, position: number | undefined, inserting: boolean): Doc {
  if (update.kind === 'replace') {
    const id = document.get('_id')
    const replacement: Doc = new Map(update.document)
    return id === undefined || replacement.has('_id') ? replacement : new Map([['_id', id], ...replacement])
  }
  if (update.kind === 'pipeline') {
    const id = document.get('_id')
    const result = update.apply(document)
    return id === undefined || result.has('_id') ? result : new Map([['_id', id], ...result])
  }
  const concrete = (inserting ? update.onInsert : update.changes).flatMap((change) =>
    concretePaths(document, change, position, update.arrayFilters).map((parts) => ({ change, parts })),
  )
  if (concrete.some(({ change, parts }) => change.parts !== parts)) {
    concrete.sort((a, b) => comparePaths(a.parts, b.parts))
    refuseOverlap(concrete)
  }
  const result = withOwn(document, new Set(concrete.map(({ parts }) => parts[0] as string)))
  for (const { change, parts } of concrete) {
    if (change.modify) modifyAt(result, parts, change.modify, inserting)
    else if (change.renameFrom) {
      const value = takeForRename(result, change.renameFrom, parts)
      if (value !== undefined) modifyAt(result, parts, { name: '$rename', apply: () => value }, inserting)
    }
  }
  return result
}

/** A copy that shares with the document what stands in other fields than these. */
function withOwn(document: Doc, names: ReadonlySet<string>): Doc {
  const copy: Doc = new Map(document)
  for (const name of names) {
    const value = document.get(name)
    if (value !== undefined) copy.set(name, copyOf(value))
  }
  return copy
}

function copyOf(value: Value): Value {
  if (Array.isArray(value)) return value.map(copyOf)
  return value instanceof Map ? new Map([...value].map(([name, each]) => [name, copyOf(each)])) : value
}

/** Two paths with `$` may turn out to be the same place only now. */
function refuseOverlap(concrete: { parts: string[] }[]): void {
  for (let index = 1; index < concrete.length; index++) {
    const [before, after] = [concrete[index - 1]?.parts as string[], concrete[index]?.parts as string[]]
    if (before.every((part, at) => part === after[at])) {
      fail(40, `Update created a conflict at '${before.join('.')}'`)
    }
  }
}

function keepId(result: Doc, id: Value, kind: Update['kind']): void {
  const after = result.get('_id')
  if (after !== undefined && identical(after, id)) return
  if (kind === 'operators') fail(66, "Performing an update on the path '_id' would modify the immutable field '_id'")
  fail(66, `After applying the update, the (immutable) field '_id' was found to have been altered`)
}

function identical(a: Value, b: Value): boolean {
  if (Object.is(a, b)) return true
  return compare(a, b) === 0 && encodeDocument(new Map([['', a]])).equals(encodeDocument(new Map([['', b]])))
}

export function idFirst(document: Doc): Doc {
  const first = document.keys().next().value
  const id = document.get('_id')
  return first === '_id' || id === undefined ? document : new Map([['_id', id], ...document])
}

/**
 * The document an upsert starts from: what the filter says a field must be equal to; a replacement takes `_id` alone.
 */
export function upsertBase(filter: Filter, kind: Update['kind']): Doc {
  const base: Doc = new Map()
  const found = [...equalities(filter)].filter(([[name]]) => kind !== 'replace' || name === '_id')
  for (const [at, [parts, value]] of found.entries()) {
    const path = parts.join('.')
    const meets = ([other]: Equality, place: number) =>
      place !== at && other.length >= parts.length && parts.every((part, index) => part === other[index])
    if (found.some(meets)) fail(54, `cannot infer query fields to set, path '${path}' is matched twice`)
    if (kind === 'replace' && parts.length > 1)
      fail(55, `field at '_id' must be exactly specified, field at sub-path '${path}' found`)
    modifyAt(base, parts, { name: '$set', apply: () => value }, true)
  }
  return base
}

type Equality = [parts: string[], value: Value]

/** A list of one, and an `$or` of one, are that one. */
function* equalities(filter: Filter): Generator<Equality> {
  for (const each of conjuncts(filter)) {
    if (each.kind === 'or' && each.children.length === 1) yield* equalities(each.children[0] as Filter)
    if (each.kind !== 'leaf') continue
    const [only, ...more] = each.op === '$in' ? (each.operand as Value[]) : each.op === '$eq' ? [each.operand] : []
    if (only !== undefined && more.length === 0 && !(each.op === '$in' && only instanceof Regex))
      yield [each.parts, only]
  }
}
