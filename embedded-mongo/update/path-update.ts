import { childOf, placeOf } from '../bson/place.ts'
import type { Doc, Value } from '../bson/values.ts'
import { typeName } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { Modify } from './field-operators.ts'
import type { ArrayFilter } from './parse-update.ts'

/** One path of an update and what happens there. */
export interface PathUpdate {
  path: string
  parts: string[]
  modify?: Modify
  renameFrom?: string[]
  onInsertOnly: boolean
}

/** The order in which paths are applied and new fields appear: indexes by value, names by their letters. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [x, y] = [a[index] as string, b[index] as string]
    if (x === y) continue
    if (placeOf(x) >= 0 && placeOf(y) >= 0) return placeOf(x) - placeOf(y)
    return x < y ? -1 : 1
  }
  return a.length - b.length
}

/** Replaces `$`, `$[]` and `$[name]` by the indexes they stand for in this document. */
export function concretePaths(
  document: Doc,
  change: PathUpdate,
  position: number | undefined,
  filters: ReadonlyMap<string, ArrayFilter>,
): string[][] {
  if (!change.path.includes('$')) return [change.parts]
  let open: { parts: string[]; value: Value | undefined }[] = [{ parts: [], value: document }]
  for (const part of change.parts) {
    open = open.flatMap(({ parts, value }) =>
      chosen(part, parts, value, position, filters, change.path).map((name) => ({
        parts: [...parts, name],
        value: childOf(value, name),
      })),
    )
  }
  return open.map(({ parts }) => parts)
}

function chosen(
  part: string,
  before: string[],
  value: Value | undefined,
  position: number | undefined,
  filters: ReadonlyMap<string, ArrayFilter>,
  path: string,
): string[] {
  if (part === '$') {
    return position === undefined
      ? fail(2, 'The positional operator did not find the match needed from the query.')
      : [String(position)]
  }
  if (!part.startsWith('$[')) return [part]
  const at = before.join('.')
  if (value === undefined)
    return fail(2, `The path '${at}' must exist in the document in order to apply array updates.`)
  if (!Array.isArray(value))
    return fail(
      2,
      `Cannot apply array updates to non-array element ${before.at(-1)}: ${typeName(value)} (path '${path}')`,
    )
  const filter = filters.get(part.slice(2, -1))
  return [...value.keys()].filter((index) => !filter || filter(value[index] as Value)).map(String)
}

const longestArray = 1_500_000

/** Puts what `modify` makes of the value at a path there, creating the way if it has to. */
export function modifyAt(document: Doc, parts: readonly string[], modify: Modify, inserting: boolean): void {
  const parent = parentOf(document, parts)
  const last = parts.at(-1) as string
  const current = parent.exists ? childOf(parent.at, last) : undefined
  if (current === undefined && modify.creates === false) {
    refuseUnreachable(parent, modify)
    return
  }
  const made = modify.apply(current, inserting)
  if (made === current) return
  if (parent.blocked !== undefined) {
    const holder = parts[Math.max(0, parent.depth - 1)]
    fail(28, `Cannot create field '${parts[parent.depth]}' in element {${holder}: ${typeName(parent.blocked)}}`)
  }
  if (made === undefined) remove(parent.at, last)
  else store(parent.exists ? parent.at : build(parent.at, parts.slice(parent.depth, -1)), last, made)
}

/** `$unset` goes by silently where a path cannot be; the array operators say so. */
function refuseUnreachable(parent: Parent, modify: Modify): void {
  if (parent.blocked !== undefined && modify.name !== '$unset') {
    fail(
      28,
      `Cannot use the part (${parent.depth}) of the path to traverse an element of type ${typeName(parent.blocked)}`,
    )
  }
}

type Container = Doc | Value[]

interface Parent {
  exists: boolean
  at: Container
  /** How many parts of the path were gone. */
  depth: number
  /** What stands in the way, where nothing can be created. */
  blocked?: Value
}

export function parentOf(document: Doc, parts: readonly string[]): Parent {
  let at: Container = document
  for (let depth = 0; depth < parts.length - 1; depth++) {
    const part = parts[depth] as string
    if (isClosed(at, part)) return { exists: false, at, depth, blocked: at }
    const next = childOf(at, part)
    if (next === undefined) return { exists: false, at, depth }
    if (!(next instanceof Map) && !Array.isArray(next)) return { exists: false, at, depth: depth + 1, blocked: next }
    at = next
  }
  const depth = parts.length - 1
  return isClosed(at, parts[depth] as string) ? { exists: false, at, depth, blocked: at } : { exists: true, at, depth }
}

/** An array has places and no names. */
const isClosed = (at: Container, part: string): boolean => Array.isArray(at) && placeOf(part) < 0

function build(from: Container, parts: readonly string[]): Container {
  let at = from
  for (const part of parts) {
    const made: Doc = new Map()
    store(at, part, made)
    at = made
  }
  return at
}

function store(container: Container, name: string, value: Value): void {
  if (container instanceof Map) {
    container.set(name, value)
    return
  }
  const index = Number(name)
  if (index > container.length + longestArray) fail(34, `cannot backfill more than ${longestArray} elements`)
  while (container.length < index) container.push(null)
  container[index] = value
}

/** Removing an element of an array leaves a null in its place. */
function remove(container: Container, name: string): void {
  if (container instanceof Map) container.delete(name)
  else container[Number(name)] = null
}

/** Takes the value at a source path away and gives it; arrays on the way are refused as MongoDB does. */
export function takeForRename(document: Doc, from: readonly string[], to: readonly string[]): Value | undefined {
  for (const parts of [from, to]) refuseArrayOnWay(document, parts)
  const parent = parentOf(document, from)
  if (parent.blocked !== undefined)
    fail(28, `Cannot use the part (${from[parent.depth]}) of (${from.join('.')}) to traverse the element`)
  if (!parent.exists || !(parent.at instanceof Map)) return undefined
  const last = from.at(-1) as string
  const value = parent.at.get(last)
  if (value !== undefined) parent.at.delete(last)
  return value
}

function refuseArrayOnWay(document: Doc, parts: readonly string[]): void {
  let at: Value | undefined = document
  for (const [index, part] of parts.slice(0, -1).entries()) {
    at = childOf(at, part)
    if (Array.isArray(at)) {
      const next = parts[index + 1] as string
      if (placeOf(next) < 0) fail(28, `Cannot use the part (${next}) of (${parts.join('.')}) to traverse the array`)
      fail(2, `The source and target field for $rename cannot be an array element, '${parts.join('.')}'`)
    }
  }
}
