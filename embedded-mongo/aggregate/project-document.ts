import type { Doc, Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { Evaluate } from './scope.ts'

/** How a projection treats one field: as it is, away, sliced, filtered, computed, or by its own fields. */
export type Rule =
  | { kind: 'include' | 'exclude' }
  | { kind: 'slice'; skip: number | undefined; limit: number }
  /** `$elemMatch` is computed too, but does not make a projection one that includes. */
  | { kind: 'computed' | 'elemMatch'; evaluate: Evaluate }
  | Branch
export interface Branch {
  kind: 'branch'
  fields: Map<string, Rule>
}

export function projectDocument(document: Doc, branch: Branch, including: boolean, root: Doc): Doc {
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

export const isComputed = (rule: Rule): boolean =>
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
export function onlyFound(document: Doc, [name, ...rest]: string[], position: number | undefined): Doc {
  if (name === undefined) return document
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
