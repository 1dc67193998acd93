import { toInteger } from '../bson/arithmetic.ts'
import { type Doc, isNumeric, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { type Found, matches } from '../match/filter.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { type Clock, compileExpression } from './expression.ts'
import { fieldPath } from './field-path.ts'
import { type Evaluate, truthy } from './scope.ts'

/** How a projection treats one field: as it is, away, sliced, filtered, computed, or by its own fields. */
type Rule =
  | { kind: 'include' | 'exclude' }
  | { kind: 'slice'; skip: number | undefined; limit: number }
  /** `$elemMatch` is computed too, but does not make a projection one that includes. */
  | { kind: 'computed' | 'elemMatch'; evaluate: Evaluate }
  | Branch
interface Branch {
  kind: 'branch'
  fields: Map<string, Rule>
}

export interface Projection {
  /** `position`: where the filter found its match in an array. */
  project: (document: Doc, position?: number) => Doc
  /** Whether `$` is used, which needs the position that the filter found. */
  positional: boolean
}

/** Parses a projection of find, or of `$project` with `stage`, where slices and `$` are not allowed. */
export function parseProjection(specification: Value | undefined, clock: Clock, stage = false): Projection | undefined {
  if (specification === undefined || specification === null) return undefined
  if (!(specification instanceof Map)) return fail(14, 'the projection must be an object')
  if (specification.size === 0)
    return stage
      ? fail(51272, 'Invalid $project :: caused by :: projection specification must have at least one field')
      : undefined
  const root: Branch = { kind: 'branch', fields: new Map() }
  for (const [path, value] of specification) addRule(root, path, value, clock, stage)
  const including = decideMode(specification, root)
  const keepId = root.fields.get('_id')?.kind !== 'exclude'
  if (including && !root.fields.has('_id')) root.fields = new Map([['_id', { kind: 'include' }], ...root.fields])
  if (including && !keepId) root.fields.delete('_id')
  const positional = [...specification.keys()].find((path) => path.endsWith('.$'))
  return {
    positional: positional !== undefined,
    project: (document, position) => {
      const shown = positional === undefined ? document : onlyFound(document, positional.split('.'), position)
      return projectDocument(shown, root, including, document)
    },
  }
}

function addRule(root: Branch, path: string, value: Value, clock: Clock, stage: boolean): void {
  const positional = path.endsWith('.$')
  if (positional && stage) fail(31324, 'Cannot use positional projection in aggregation projection')
  if (path.includes('.$.'))
    fail(31394, "As of 4.4, it's illegal to specify positional operator in the middle of a path.")
  const parts = fieldPath(positional ? path.slice(0, -2) : path)
  let branch = root
  for (const part of parts.slice(0, -1)) {
    const next = branch.fields.get(part) ?? { kind: 'branch', fields: new Map() }
    branch.fields.set(part, next)
    branch = next.kind === 'branch' ? next : fail(31249, `Path collision at ${path}`)
  }
  const last = parts.at(-1) as string
  if (branch.fields.has(last)) fail(31250, `Path collision at ${path}`)
  if (value instanceof Map && !isOperator(value) && value.size > 0) {
    branch.fields.set(last, nested(value, clock, stage))
  } else branch.fields.set(last, parseRule(path, value, clock, stage))
  if (positional && branch.fields.get(last)?.kind !== 'include')
    fail(31395, 'positional projection cannot be used with exclusion')
}

const isOperator = (value: Doc): boolean => value.keys().next().value?.startsWith('$') === true

function nested(value: Doc, clock: Clock, stage: boolean): Branch {
  const branch: Branch = { kind: 'branch', fields: new Map() }
  for (const [path, each] of value) addRule(branch, path, each, clock, stage)
  return branch
}

function parseRule(path: string, value: Value, clock: Clock, stage: boolean): Rule {
  if (isNumeric(value) || typeof value === 'boolean') return { kind: truthy(value) ? 'include' : 'exclude' }
  if (value instanceof Map && !stage) {
    const slice = value.get('$slice')
    if (slice !== undefined && value.size === 1) return parseSlice(slice)
    const elemMatch = value.get('$elemMatch')
    if (elemMatch !== undefined) return parseElemMatch(path, value, clock)
  }
  return { kind: 'computed', evaluate: compileExpression(value, clock) }
}

function parseElemMatch(path: string, value: Doc, clock: Clock): Rule {
  if (path.includes('.')) fail(31275, 'Cannot use $elemMatch projection on a nested field.')
  const filter = parseFilter(new Map([[path, value]]), clock)
  return {
    kind: 'elemMatch',
    evaluate: ({ root }) => {
      const [array, found]: [Value | undefined, Found] = [root.get(path), { position: undefined }]
      return Array.isArray(array) && matches(filter, root, found)
        ? [array[found.position as number] as Value]
        : undefined
    },
  }
}

function parseSlice(value: Value): Rule {
  if (isNumeric(value)) return { kind: 'slice', skip: undefined, limit: integer(value) }
  if (!Array.isArray(value) || value.length !== 2)
    return fail(28667, '$slice takes a number or an array of two numbers')
  const limit = integer(value[1] as Value)
  if (limit <= 0) fail(28724, 'First argument to $slice must be a positive number')
  return { kind: 'slice', skip: integer(value[0] as Value), limit }
}

const integer = (value: Value): number => Number(toInteger(value) ?? fail(28667, '$slice takes whole numbers'))

function* rules(branch: Branch, prefix = ''): Generator<[string, Rule]> {
  for (const [name, rule] of branch.fields) {
    if (rule.kind === 'branch') yield* rules(rule, `${prefix}${name}.`)
    else yield [prefix + name, rule]
  }
}

/** Inclusion or exclusion is decided by the first field that says it; `_id` may differ. */
function decideMode(specification: Doc, root: Branch): boolean {
  let including: boolean | undefined
  for (const [path, rule] of rules(root)) {
    if (path === '_id' && specification.size > 1 && rule.kind !== 'computed') continue
    const wish =
      rule.kind === 'include' || rule.kind === 'computed' ? true : rule.kind === 'exclude' ? false : undefined
    if (wish === undefined) continue
    including ??= wish
    if (wish !== including) {
      const [kind, other] = wish ? ['inclusion', 'exclusion'] : ['exclusion', 'inclusion']
      fail(wish ? 31253 : 31254, `Cannot do ${kind} on field ${path} in ${other} projection`)
    }
  }
  const ruleKinds = [...rules(root)].map(([, rule]) => rule.kind)
  if (including === undefined && root.fields.get('_id')?.kind === 'include') including = true
  // A lone $elemMatch includes, a $slice excludes nothing.
  return including ?? (ruleKinds.includes('elemMatch') && !ruleKinds.includes('slice'))
}

function projectDocument(document: Doc, branch: Branch, including: boolean, root: Doc): Doc {
  const result: Doc = new Map()
  for (const [name, value] of document) {
    const rule = branch.fields.get(name)
    if (!rule) {
      if (!including) result.set(name, value)
      continue
    }
    const projected = projectValue(value, rule, including, root)
    if (projected !== undefined) result.set(name, projected)
  }
  addComputed(result, branch, root)
  return result
}

const isComputed = (rule: Rule): boolean =>
  rule.kind === 'branch'
    ? [...rule.fields.values()].some(isComputed)
    : rule.kind === 'computed' || rule.kind === 'elemMatch'

/** Computed fields are added in the order of the projection, behind those of the document. */
function addComputed(result: Doc, branch: Branch, root: Doc): Doc {
  for (const [name, rule] of branch.fields) {
    if (rule.kind === 'computed' || rule.kind === 'elemMatch') {
      const value = rule.evaluate({ root })
      if (value === undefined) result.delete(name)
      else result.set(name, value)
    } else if (rule.kind === 'branch' && !result.has(name) && isComputed(rule))
      result.set(name, addComputed(new Map(), rule, root))
  }
  return result
}

function projectValue(value: Value, rule: Rule, including: boolean, root: Doc): Value | undefined {
  switch (rule.kind) {
    case 'include':
      return value
    case 'exclude':
      return undefined
    case 'computed':
    case 'elemMatch':
      return including ? undefined : value
    case 'branch':
      return projectBranch(value, rule, including, root)
    case 'slice':
      return Array.isArray(value) ? slice(value, rule.skip, rule.limit) : value
  }
}

/** What is no document gives way to one where fields in it are computed, and goes where fields in it are included. */
function projectBranch(value: Value, rule: Branch, including: boolean, root: Doc): Value | undefined {
  if (value instanceof Map) return projectDocument(value, rule, including, root)
  if (Array.isArray(value)) {
    return value.map((each) => projectBranch(each, rule, including, root)).filter((each) => each !== undefined)
  }
  if (isComputed(rule)) return addComputed(new Map(), rule, root)
  return including ? undefined : value
}

function slice(array: Value[], skip: number | undefined, limit: number): Value[] {
  if (skip === undefined) return limit < 0 ? array.slice(limit) : array.slice(0, limit)
  const from = skip < 0 ? Math.max(0, array.length + skip) : skip
  return array.slice(from, from + limit)
}

/** `$`: of the first array on the path only what the filter has found. */
function onlyFound(document: Doc, [name = '', ...rest]: string[], position: number | undefined): Doc {
  const value = document.get(name)
  if (value instanceof Map) return new Map(document).set(name, onlyFound(value, rest, position))
  if (!Array.isArray(value)) return document
  if (position === undefined)
    return fail(
      51246,
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    )
  const element = value[position]
  if (element === undefined) return fail(51247, "positional operator '.$' element mismatch")
  return new Map(document).set(name, [element])
}
