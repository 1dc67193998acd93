import { toInteger } from '../bson/arithmetic.ts'
import type { Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { Filter } from '../match/filter.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { parseSort, type SortField } from '../sort/sort.ts'
import type { Clock } from './expression.ts'

export function matchStage(value: Value, clock: Clock): Filter {
  if (!(value instanceof Map)) fail(15959, 'the match filter must be an expression in an object')
  return parseFilter(value, clock)
}

export function sortStage(value: Value): SortField[] {
  if (!(value instanceof Map)) fail(15973, 'the $sort key specification must be an object')
  const sort = parseSort(value)
  return sort.length > 0 ? sort : fail(15976, '$sort stage must have at least one sort key')
}

export function stageCount(name: string, value: Value): number {
  const count = toInteger(value)
  if (count === undefined || count < 0n) {
    return fail(
      name === '$limit' ? 5107201 : 5107200,
      `invalid argument to ${name} stage: Expected a non-negative number`,
    )
  }
  if (name === '$limit' && count === 0n) fail(15958, 'the limit must be positive')
  return Number(count)
}
