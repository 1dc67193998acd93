import { compilePipelineUpdate } from '../aggregate/document-stages.ts'
import type { Clock } from '../aggregate/expression.ts'
import type { Doc, Value } from '../bson/values.ts'
import { typeName } from '../bson/values.ts'
import { fail, failUnknown } from '../errors.ts'
import { type Filter, fieldsOf, matches } from '../match/filter.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { fieldOperators, type Modify } from './field-operators.ts'
import { comparePaths, type PathUpdate } from './path-update.ts'

/** A whole update, parsed and checked before any document is read. */
export type Update =
  | { kind: 'replace'; document: Doc }
  | { kind: 'pipeline'; apply: (document: Doc) => Doc }
  | {
      kind: 'operators'
      changes: PathUpdate[]
      onInsert: PathUpdate[]
      arrayFilters: Map<string, ArrayFilter>
      positional: boolean
    }

export type ArrayFilter = (element: Value) => boolean

export function parseUpdate(update: Value | undefined, arrayFilters: Value | undefined, clock: Clock): Update {
  if (Array.isArray(update)) {
    if (arrayFilters !== undefined) fail(9, 'arrayFilters may not be specified for pipeline-style updates')
    return { kind: 'pipeline', apply: compilePipelineUpdate(update, clock) }
  }
  if (!(update instanceof Map)) return fail(9, 'Update argument must be either an object or an array')
  if (!update.keys().next().value?.startsWith('$')) {
    if (arrayFilters !== undefined) fail(9, 'arrayFilters may not be specified for replacement-style updates')
    for (const name of update.keys()) {
      if (name.startsWith('$'))
        fail(
          52,
          `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
        )
    }
    return { kind: 'replace', document: update }
  }
  const filters = parseArrayFilters(arrayFilters, clock)
  const changes = [...update].flatMap(([op, fields]) => parseOperator(op, fields, clock))
  refuseConflicts(changes)
  refuseUnusedFilters(changes, filters)
  changes.sort((a, b) => comparePaths(a.parts, b.parts))
  return {
    kind: 'operators',
    changes: changes.filter((change) => !change.onInsertOnly),
    onInsert: changes,
    arrayFilters: filters,
    positional: changes.some(({ parts }) => parts.includes('$')),
  }
}

function parseOperator(op: string, fields: Value, clock: Clock): PathUpdate[] {
  const known = op === '$setOnInsert' ? '$set' : op
  if (!op.startsWith('$'))
    fail(9, `Unknown modifier: ${op}. Expected a valid update modifier or pipeline-style update specified as an array`)
  const operator = fieldOperators.get(known)
  if (!operator && op !== '$rename')
    failUnknown(
      9,
      `Unknown modifier: ${op}. Expected a valid update modifier or pipeline-style update specified as an array`,
    )
  if (!(fields instanceof Map)) {
    return fail(
      9,
      `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${op}: ${typeName(fields)}}`,
    )
  }
  return [...fields].flatMap(([path, operand]) => {
    const parts = updatePath(path)
    if (!operator) return parseRename(path, parts, operand)
    const modify: Modify = operator(operand, clock, path)
    return [{ path, parts, modify, onInsertOnly: op === '$setOnInsert' }]
  })
}

function updatePath(path: string): string[] {
  if (path === '') fail(56, 'An empty update path is not valid.')
  const parts = path.split('.')
  if (parts.includes('')) fail(56, `The update path '${path}' contains an empty field name, which is not allowed.`)
  if (parts[0]?.startsWith('$['))
    fail(2, `Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '${path}'`)
  if (parts[0]?.startsWith('$') && parts[0] !== '$') {
    fail(52, `The dollar ($) prefixed field '${parts[0]}' in '${path}' is not valid for storage.`)
  }
  if (parts[0] === '$') fail(2, `Cannot have positional (i.e. '$') element in the first position in path '${path}'`)
  if (parts.filter((part) => part === '$').length > 1)
    fail(2, `Too many positional (i.e. '$') elements found in path '${path}'`)
  return parts
}

/**
 * The target takes the value of the source, which goes away. The source is a change that does nothing itself: it says
 * which places are touched.
 */
function parseRename(path: string, parts: string[], target: Value): PathUpdate[] {
  if (typeof target !== 'string') return fail(2, `The 'to' field for $rename must be a string: ${path}`)
  const targetParts = updatePath(target)
  if (path === target) fail(2, `The source and target field for $rename must differ: ${path}: "${target}"`)
  if (`${target}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${target}.`))
    fail(2, `The source and target field for $rename must not be on the same path: ${path}: "${target}"`)
  if ([...parts, ...targetParts].some((part) => part.startsWith('$')))
    fail(2, `The source and target field for $rename may not be dynamic: ${path}`)
  return [
    { path: target, parts: targetParts, renameFrom: parts, onInsertOnly: false },
    { path, parts, onInsertOnly: false },
  ]
}

/** No path twice, none within another, and at one place either array filters or names. */
function refuseConflicts(changes: PathUpdate[]): void {
  const places = new Map<string, 'end' | 'filtered' | 'named'>()
  for (const { path, parts } of changes) {
    const conflict = (at: string) => fail(40, `Updating the path '${path}' would create a conflict at '${at}'`)
    for (let length = 1; length < parts.length; length++) {
      const parent = parts.slice(0, length).join('.')
      const kind = parts[length]?.startsWith('$[') ? 'filtered' : 'named'
      if ((places.get(parent) ?? kind) !== kind) conflict(parent)
      places.set(parent, kind)
    }
    if (places.has(path)) conflict(path)
    places.set(path, 'end')
  }
}

function parseArrayFilters(value: Value | undefined, clock: Clock): Map<string, ArrayFilter> {
  const result = new Map<string, ArrayFilter>()
  if (value === undefined) return result
  if (!Array.isArray(value)) return fail(14, 'arrayFilters must be an array')
  for (const each of value) {
    if (!(each instanceof Map)) return fail(14, 'arrayFilters must contain objects')
    const parsed = parseFilter(each, clock)
    const name = filterName(parsed)
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name))
      fail(
        2,
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
      )
    if (result.has(name)) fail(9, `Found multiple array filters with the same top-level field name ${name}`)
    result.set(name, (element) => matches(parsed, new Map([[name, element]])))
  }
  return result
}

function filterName(filter: Filter): string {
  const names = fieldsOf(filter) ?? new Set()
  if (names.size === 0) fail(9, 'Cannot use an expression without a top-level field name in arrayFilters')
  if (names.size > 1)
    fail(
      9,
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${[...names].join("' and '")}'`,
    )
  return [...names][0] as string
}

function refuseUnusedFilters(changes: PathUpdate[], filters: Map<string, ArrayFilter>): void {
  const used = new Set(
    changes.flatMap(({ parts }) =>
      parts.filter((part) => part.startsWith('$[') && part !== '$[]').map((part) => part.slice(2, -1)),
    ),
  )
  for (const name of used) if (!filters.has(name)) fail(2, `No array filter found for identifier '${name}' in path`)
  for (const name of filters.keys()) {
    if (!used.has(name)) fail(9, `The array filter for identifier '${name}' was not used in the update`)
  }
}
