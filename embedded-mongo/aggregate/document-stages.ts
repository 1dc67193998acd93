import { type Doc, typeName, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { bounded } from '../memory.ts'
import { type Clock, compileExpression } from './expression.ts'
import { fieldPath } from './field-path.ts'
import { parseProjection } from './projection.ts'
import type { Evaluate } from './scope.ts'

export type Transform = (document: Doc) => Doc

/** The stages that turn one document into one document: pipelines and pipeline updates share them. */
export const documentStages: ReadonlyMap<string, (specification: Value, clock: Clock) => Transform> = new Map([
  ['$addFields', addFields],
  ['$set', addFields],
  ['$unset', unset],
  ['$project', project],
  ['$replaceRoot', replaceRoot],
  ['$replaceWith', (specification: Value, clock: Clock) => replaceWith(specification, clock)],
])

export function compilePipelineUpdate(pipeline: Value[], clock: Clock): Transform {
  const transforms = pipeline.map((stage) => {
    const [name, specification] = stageOf(stage)
    const compile = documentStages.get(name) ?? fail(72, `${name} is not allowed to be used within an update`)
    return compile(specification, clock)
  })
  return (document) => transforms.reduce((current, transform) => transform(current), document)
}

export function stageOf(stage: Value): [string, Value] {
  if (!(stage instanceof Map)) return fail(14, "Each element of the 'pipeline' array must be an object")
  if (stage.size !== 1) fail(40323, 'A pipeline stage specification object must contain exactly one field.')
  return [...stage][0] as [string, Value]
}

type FieldTree = Map<string, Evaluate | FieldTree>

function addFields(specification: Value, clock: Clock): Transform {
  if (!(specification instanceof Map)) return fail(40272, '$addFields specification stage must be an object')
  const tree: FieldTree = new Map()
  for (const [path, value] of specification) plant(tree, path, value, clock)
  return (document) => bounded(setFields(document, tree, document) as Doc)
}

function plant(tree: FieldTree, path: string, value: Value, clock: Clock): FieldTree {
  const parts = fieldPath(path)
  let branch = tree
  for (const part of parts.slice(0, -1)) {
    const next = branch.get(part) ?? new Map()
    if (!(next instanceof Map)) return fail(40176, `specification contains two conflicting paths: ${path}`)
    branch.set(part, next)
    branch = next
  }
  const last = parts.at(-1) as string
  if (branch.has(last)) fail(40176, `specification contains two conflicting paths: ${path}`)
  const first = value instanceof Map ? value.keys().next().value : undefined
  if (value instanceof Map && first !== undefined && !first.startsWith('$')) {
    const inner: FieldTree = new Map()
    for (const [name, each] of value) plant(inner, name, each, clock)
    branch.set(last, inner)
  } else branch.set(last, compileExpression(value, clock))
  return tree
}

/** Sets fields in a document; in an array, in each of its elements. */
function setFields(value: Value | undefined, tree: FieldTree, root: Doc): Value {
  if (Array.isArray(value)) return value.map((each) => setFields(each, tree, root))
  const result: Doc = new Map(value instanceof Map ? value : [])
  for (const [name, branch] of tree) {
    const made = branch instanceof Map ? setFields(result.get(name), branch, root) : branch({ root })
    if (made === undefined) result.delete(name)
    else result.set(name, made)
  }
  return result
}

function unset(specification: Value, clock: Clock): Transform {
  const names = Array.isArray(specification) ? specification : [specification]
  if (names.length === 0) fail(31119, '$unset specification must be a string or an array with at least one field')
  const fields = new Map<string, Value>()
  for (const name of names) {
    if (typeof name !== 'string')
      return fail(31120, '$unset specification must be a string or an array containing only string values')
    fields.set(name, false)
  }
  return project(fields, clock)
}

function project(specification: Value, clock: Clock): Transform {
  if (!(specification instanceof Map)) return fail(15969, '$project specification must be an object')
  const projection = parseProjection(specification, clock, true)
  return (document) => projection?.project(document) ?? document
}

function replaceRoot(specification: Value, clock: Clock): Transform {
  if (!(specification instanceof Map))
    return fail(40229, `expected an object as specification for $replaceRoot stage, got ${typeName(specification)}`)
  const root = specification.get('newRoot')
  return replaceWith(root ?? fail(40231, 'no newRoot specified for the $replaceRoot stage'), clock)
}

function replaceWith(expression: Value, clock: Clock): Transform {
  const evaluate = compileExpression(expression, clock)
  return (document) => {
    const root = evaluate({ root: document })
    return root instanceof Map ? bounded(root) : fail(40228, "'newRoot' expression must evaluate to an object")
  }
}
