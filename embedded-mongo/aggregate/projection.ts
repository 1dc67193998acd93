import { toInteger } from '../bson/arithmetic.ts'
import { type Doc, isNumeric, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { type Found, matches } from '../match/filter.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { bounded } from '../memory.ts'
import { type Clock, compileExpression } from './expression.ts'
import { fieldPath } from './field-path.ts'
import { type Branch, isComputed, onlyFound, projectDocument, type Rule } from './project-document.ts'
import { truthy } from './scope.ts'

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
  const parsing: Parsing = { clock, stage, positional: undefined, elemMatch: false }
  for (const [path, value] of specification) addRule(root, path, value, parsing)
  const including = decideMode(specification, root)
  const keepId = root.fields.get('_id')?.kind !== 'exclude'
  if (including && !root.fields.has('_id')) root.fields = new Map([['_id', { kind: 'include' }], ...root.fields])
  if (including && !keepId) root.fields.delete('_id')
  const { positional } = parsing
  const computes = isComputed(root)
  return {
    positional: positional !== undefined,
    project: (document, position) => {
      const shown = positional === undefined ? document : onlyFound(document, positional, position)
      const projected = projectDocument(shown, root, including, document)
      return computes ? bounded(projected) : projected
    },
  }
}

/** What is known of a projection while it is read. */
interface Parsing {
  readonly clock: Clock
  readonly stage: boolean
  /** The path that ends in `$`. */
  positional: string[] | undefined
  elemMatch: boolean
}

/** `above`: the path to `root`, where that is a document in the projection. */
function addRule(root: Branch, path: string, value: Value, parsing: Parsing, above: string[] = []): void {
  const positional = path.endsWith('.$')
  if (positional && parsing.stage) fail(31324, 'Cannot use positional projection in aggregation projection')
  if (path.includes('.$.'))
    fail(31394, "As of 4.4, it's illegal to specify positional operator in the middle of a path.")
  const parts = fieldPath(positional ? path.slice(0, -2) : path)
  const whole = [...above, ...parts]
  let branch = root
  for (const part of parts.slice(0, -1)) {
    const next = branch.fields.get(part) ?? { kind: 'branch', fields: new Map() }
    branch.fields.set(part, next)
    branch = next.kind === 'branch' ? next : fail(31249, `Path collision at ${path}`)
  }
  const last = parts.at(-1) as string
  if (branch.fields.has(last)) fail(31250, `Path collision at ${path}`)
  const rule =
    value instanceof Map && !isOperator(value) && value.size > 0
      ? nested(value, parsing, whole)
      : parseRule(whole.join('.'), value, parsing)
  if (positional) notePositional(whole, rule, parsing)
  branch.fields.set(last, rule)
}

function notePositional(path: string[], rule: Rule, parsing: Parsing): void {
  if (rule.kind !== 'include') fail(31395, 'positional projection cannot be used with exclusion')
  if (parsing.positional) fail(31276, 'Cannot specify more than one positional projection per query.')
  if (parsing.elemMatch) fail(31256, 'Cannot specify positional operator and $elemMatch.')
  parsing.positional = path
}

const isOperator = (value: Doc): boolean => value.keys().next().value?.startsWith('$') === true

function nested(value: Doc, parsing: Parsing, above: string[]): Branch {
  const branch: Branch = { kind: 'branch', fields: new Map() }
  for (const [path, each] of value) addRule(branch, path, each, parsing, above)
  return branch
}

function parseRule(path: string, value: Value, parsing: Parsing): Rule {
  if (isNumeric(value) || typeof value === 'boolean') return { kind: truthy(value) ? 'include' : 'exclude' }
  if (value instanceof Map && !parsing.stage) {
    const slice = value.get('$slice')
    if (slice !== undefined && value.size === 1) return parseSlice(slice)
    if (value.has('$elemMatch')) return parseElemMatch(path, value, parsing)
  }
  return { kind: 'computed', evaluate: compileExpression(value, parsing.clock) }
}

function parseElemMatch(path: string, value: Doc, parsing: Parsing): Rule {
  if (parsing.positional) fail(31255, 'Cannot specify positional operator and $elemMatch.')
  if (path.includes('.')) fail(31275, 'Cannot use $elemMatch projection on a nested field.')
  parsing.elemMatch = true
  const filter = parseFilter(new Map([[path, value]]), parsing.clock)
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
