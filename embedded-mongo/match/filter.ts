import type { Evaluate } from '../aggregate/scope.ts'
import { truthy } from '../aggregate/scope.ts'
import type { Doc, Value } from '../bson/values.ts'
import { reaches } from './walk.ts'

/** A parsed filter. `op` and `operand` of a leaf are there for the planner; `test` is what decides. */
export type Filter =
  | { kind: 'and' | 'or' | 'nor'; children: Filter[] }
  | { kind: 'not'; child: Filter }
  | Leaf
  | ElementMatch
  | { kind: 'expression'; evaluate: Evaluate }

export interface Leaf {
  kind: 'leaf'
  path: string
  parts: string[]
  op: string
  operand: Value
  /** Whether the elements of an array at the path's end are looked at one by one. */
  open: boolean
  test: (value: Value | undefined) => boolean
}

export interface ElementMatch {
  kind: 'element'
  path: string
  parts: string[]
  /** `$elemMatch` with operators applies them to the element, with fields to the document it is. */
  test: (element: Value) => boolean
}

/** Where in the outermost array the filter found what it sought: the `$` of updates and projections. */
export interface Found {
  position: number | undefined
}

const nowhere: Found = { position: undefined }

export function matches(filter: Filter, root: Doc | Value[], found: Found = nowhere): boolean {
  switch (filter.kind) {
    case 'leaf': {
      const { test } = filter
      return reaches(root, filter.parts, filter.open, (value, position) => {
        if (!test(value)) return false
        if (position !== undefined && found !== nowhere) found.position = position
        return true
      })
    }
    case 'and':
      return filter.children.every((child) => matches(child, root, found))
    case 'or':
      return filter.children.some((child) => matches(child, root, found))
    case 'nor':
      return !filter.children.some((child) => matches(child, root))
    case 'not':
      return !matches(filter.child, root)
    case 'element':
      return reaches(root, filter.parts, false, (value, position) => {
        if (!Array.isArray(value)) return false
        const index = value.findIndex(filter.test)
        if (index < 0) return false
        if (found !== nowhere) found.position = position ?? index
        return true
      })
    case 'expression':
      return truthy(filter.evaluate({ root: root as Doc }))
  }
}

/** The top-level fields a filter reads; undefined when it may read any. */
export function fieldsOf(filter: Filter, into = new Set<string>()): Set<string> | undefined {
  switch (filter.kind) {
    case 'leaf':
    case 'element':
      return into.add(filter.parts[0] as string)
    case 'not':
      return fieldsOf(filter.child, into)
    case 'expression':
      return undefined
    default:
      return filter.children.every((child) => fieldsOf(child, into)) ? into : undefined
  }
}

/** The conditions that must all hold, nested `$and`s laid flat. */
export function conjuncts(filter: Filter): Filter[] {
  return filter.kind === 'and' ? filter.children.flatMap(conjuncts) : [filter]
}
