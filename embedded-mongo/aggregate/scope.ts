import { toNumber } from '../bson/arithmetic.ts'
import { type Doc, isNumeric, undefinedValue, type Value } from '../bson/values.ts'

/** What an expression is evaluated on. Missing is JS undefined. */
export interface Scope {
  root: Doc
}

export type Evaluate = (scope: Scope) => Value | undefined

/** What most operators take for nothing: null, the old type undefined, and missing. */
export const isNullish = (value: Value | undefined): value is null | undefined =>
  value === undefined || value === null || value === undefinedValue

/** The aggregation language's truth: false, null, missing and every zero are false. */
export function truthy(value: Value | undefined): boolean {
  if (isNullish(value) || value === false) return false
  return !isNumeric(value) || toNumber(value) !== 0
}
