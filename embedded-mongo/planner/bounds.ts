import { isNaNValue, rankOf } from '../bson/compare.ts'
import { isNumeric, maxKey, minKey, Regex, undefinedValue, type Value } from '../bson/values.ts'
import type { Filter } from '../match/filter.ts'
import { endOf } from '../store/collection.ts'
import { invert, valueKey } from '../store/value-key.ts'

/** A place between keys: before all that begin with these bytes, or behind them. */
export interface Edge {
  bytes: Buffer
  behind: boolean
}

export interface Interval {
  low: Edge
  high: Edge
  /** Just one value. */
  point: boolean
  /** Whether documents without the field may be meant. */
  nulls: boolean
}

export const position = ({ bytes, behind }: Edge): Buffer => (behind ? endOf(bytes) : bytes)

/** Descending fields are stored inverted: the edges change places. */
export const inverted = ({ low, high, ...rest }: Interval): Interval => ({
  ...rest,
  low: { bytes: invert(high.bytes), behind: !high.behind },
  high: { bytes: invert(low.bytes), behind: !low.behind },
})

/** The index keys that documents fulfilling this condition are found under; undefined where that says nothing. */
export function intervalsFor(condition: Filter, path: string): Interval[] | undefined {
  if (condition.kind === 'not') {
    const { child } = condition
    return child.kind === 'leaf' && child.path === path && child.op === '$exists' ? [point(null)] : undefined
  }
  if (condition.kind !== 'leaf' || condition.path !== path) return undefined
  const { op, operand } = condition
  if (op === '$eq') return hasKeys(operand) ? [point(operand)] : undefined
  if (op === '$in') return pointsFor(operand as Value[])
  if (!['$gt', '$gte', '$lt', '$lte'].includes(op)) return undefined
  if (operand === null || !hasKeys(operand) || operand === minKey || operand === maxKey || isNaNValue(operand))
    return undefined
  return [range(op, operand)]
}

/** Arrays and patterns are not found under a key of their own. */
const hasKeys = (value: Value): boolean =>
  !Array.isArray(value) && !(value instanceof Regex) && value !== undefinedValue

function point(value: Value): Interval {
  const bytes = valueKey(value)
  return { low: { bytes, behind: false }, high: { bytes, behind: true }, point: true, nulls: value === null }
}

function pointsFor(values: Value[]): Interval[] | undefined {
  if (!values.every(hasKeys)) return undefined
  const points = values.map(point)
  return [...new Map(points.map((each) => [each.low.bytes.toString('latin1'), each])).values()]
}

/** The keys of the values of its kind on this side of a value: of `$gt`, `$gte`, `$lt` and `$lte`. */
export function range(op: string, operand: Value): Interval {
  const bytes = valueKey(operand)
  const kind = Buffer.from([rankOf(operand)])
  const interval: Interval = {
    // NaN stands before all numbers, and is below none.
    low: isNumeric(operand) ? { bytes: valueKey(Number.NaN), behind: true } : { bytes: kind, behind: false },
    high: { bytes: kind, behind: true },
    point: false,
    nulls: false,
  }
  if (op === '$gt' || op === '$gte') interval.low = { bytes, behind: op === '$gt' }
  else interval.high = { bytes, behind: op === '$lte' }
  return interval
}

/** Both at once; undefined when nothing can fulfil both. */
export function intersect(a: Interval, b: Interval): Interval | undefined {
  const low = position(a.low).compare(position(b.low)) >= 0 ? a.low : b.low
  const high = position(a.high).compare(position(b.high)) <= 0 ? a.high : b.high
  if (position(low).compare(position(high)) >= 0) return undefined
  return { low, high, point: a.point || b.point, nulls: a.nulls && b.nulls }
}
