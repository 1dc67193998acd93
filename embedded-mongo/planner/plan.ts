import { equal } from '../bson/compare.ts'
import { placeOf } from '../bson/place.ts'
import { typeOf, type Value } from '../bson/values.ts'
import { conjuncts, type Filter, type Leaf } from '../match/filter.ts'
import type { SortField } from '../sort/sort.ts'
import { type Collection, endOf, idIndex } from '../store/collection.ts'
import type { Index } from '../store/index-keys.ts'
import { type Interval, intersect, intervalsFor, inverted, position } from './bounds.ts'
import { hintedIndex } from './hint.ts'

export interface Range {
  from: Buffer
  to: Buffer
}

/** How the documents are come by. `once`: each comes once without looking; `exact`: all that come fulfil the filter. */
export interface Plan {
  steps: { index: Index; ranges: Range[] }[]
  reverse: boolean
  sorted: boolean
  once: boolean
  exact: boolean
}

const mostRanges = 20_000
/** So many entries are read and sorted sooner than an index is walked in order for the first that fits. */
const fewEntries = 100

/**
 * By how much an index narrows what is read: a value more than a range, null least, for it stands for all documents
 * without the field.
 */
const scores = { unique: 1000, value: 20, range: 10, nulls: 8, order: 5 }

interface Candidate {
  index: Index
  ranges: Range[]
  score: number
  bound: number
  direction: number
}

/** Chooses the index: unique before equality before range before order alone; else all documents. */
export function choosePlan(collection: Collection, filter: Filter, sort: readonly SortField[], hint?: Value): Plan {
  const conditions = conjuncts(filter)
  const hinted = hintedIndex(collection, hint)
  const indexes = hinted ? [hinted] : [idIndex, ...collection.indexes]
  let best: Candidate | undefined
  for (const index of indexes) {
    const candidate = consider(collection, index, conditions, sort, hinted !== undefined)
    if (candidate && (!best || candidate.score > best.score)) best = candidate
  }
  if (!hinted) {
    const union = unionPlan(collection, conditions)
    if (union && (best === undefined || isNarrow(collection, union))) return union
  }
  const chosen = best ?? { index: idIndex, ranges: [whole(collection, idIndex)], bound: 0, direction: 0 }
  return {
    steps: [{ index: chosen.index, ranges: chosen.ranges }],
    reverse: chosen.direction < 0,
    sorted: chosen.direction !== 0 || sort.length === 0,
    once: !chosen.index.multikey,
    exact: isExact(chosen, conditions),
  }
}

/**
 * Whether every condition became a bound that says all of it; null does not, for it also stands for what is missing.
 */
function isExact({ index, bound }: Pick<Candidate, 'index' | 'bound'>, conditions: Filter[]): boolean {
  if (index.multikey) return false
  const paths = index.fields.slice(0, bound).map(({ path }) => path)
  return conditions.every((condition) => {
    if (condition.kind !== 'leaf' || !paths.includes(condition.path)) return false
    const intervals = intervalsFor(condition, condition.path)
    return intervals?.every((each) => !each.nulls) === true
  })
}

const prefixOf = (collection: Collection, index: Index): Buffer => collection.prefix(index.number)

function whole(collection: Collection, index: Index): Range {
  const prefix = prefixOf(collection, index)
  return { from: prefix, to: endOf(prefix) }
}

function consider(
  collection: Collection,
  index: Index,
  conditions: Filter[],
  sort: readonly SortField[],
  forced: boolean,
): Candidate | undefined {
  if (!forced && index.partial && !conjuncts(index.partial).every((each) => isImplied(each, conditions)))
    return undefined
  const bounds: Interval[][] = []
  let combinations = 1
  for (const field of index.fields) {
    const intervals = fieldBounds(index, field, conditions)
    if (!intervals || combinations * Math.max(1, intervals.length) > mostRanges) break
    combinations *= intervals.length
    bounds.push(intervals)
    if (!intervals.every((each) => each.point)) break
  }
  const excludesMissing = bounds.some((intervals) => intervals.every((each) => !each.nulls))
  if (!forced && index.sparse && !excludesMissing) return undefined
  const direction = sortDirection(index, bounds, sort)
  if (bounds.length === 0 && direction === 0 && !forced) return undefined
  const points = bounds.filter((intervals) => intervals.every((each) => each.point)).length
  const isUnique = index.unique && points === index.fields.length
  return {
    index,
    ranges:
      bounds.length === 0 ? [whole(collection, index)] : rangesFrom(prefixOf(collection, index), index.fields, bounds),
    score:
      (isUnique ? scores.unique : 0) +
      bounds.reduce((sum, intervals) => sum + worth(intervals), direction === 0 ? 0 : scores.order),
    bound: bounds.length,
    direction,
  }
}

function worth(intervals: Interval[]): number {
  if (!intervals.every((each) => each.point)) return scores.range
  return intervals.some((each) => each.nulls) ? scores.nulls : scores.value
}

function fieldBounds(index: Index, field: SortField, conditions: Filter[]): Interval[] | undefined {
  // Through an array, a number in a path may be a place or a name, and the keys hold only the place.
  if (field.parts.some((part) => placeOf(part) >= 0)) return undefined
  let best: Interval[] | undefined
  for (const condition of conditions) {
    const intervals = intervalsFor(condition, field.path)
    if (!intervals) continue
    if (!best) best = intervals
    // Different elements of an array may fulfil different conditions: only one of them bounds the keys.
    else if (index.multikey) best = preferred(best, intervals)
    else best = best.flatMap((a) => intervals.flatMap((b) => intersect(a, b) ?? []))
  }
  return best
}

function preferred(a: Interval[], b: Interval[]): Interval[] {
  const arePoints = (list: Interval[]) => list.every((each) => each.point)
  if (arePoints(a) !== arePoints(b)) return arePoints(a) ? a : b
  return b.length < a.length ? b : a
}

function rangesFrom(prefix: Buffer, fields: readonly SortField[], bounds: Interval[][]): Range[] {
  let heads: Buffer[] = [prefix]
  const result: Range[] = []
  for (const [at, ascending] of bounds.entries()) {
    const intervals = fields[at]?.descending ? ascending.map(inverted) : ascending
    if (at < bounds.length - 1)
      heads = heads.flatMap((head) => intervals.map(({ low }) => Buffer.concat([head, low.bytes])))
    else {
      for (const head of heads) {
        for (const { low, high } of intervals)
          result.push({ from: Buffer.concat([head, position(low)]), to: Buffer.concat([head, position(high)]) })
      }
    }
  }
  return result.sort((a, b) => a.from.compare(b.from))
}

/** 1 or -1 if reading the index that way gives the order asked for, 0 if not. */
function sortDirection(index: Index, bounds: Interval[][], sort: readonly SortField[]): number {
  if (sort.length === 0 || index.multikey) return 0
  const fixed = bounds.findIndex((intervals) => intervals.length !== 1 || !intervals[0]?.point)
  const constant = new Set(index.fields.slice(0, fixed < 0 ? bounds.length : fixed).map(({ path }) => path))
  let next = constant.size
  let direction = 0
  for (const { path, descending } of sort) {
    if (constant.has(path)) continue
    const field = index.fields[next++]
    if (field?.path !== path) return 0
    const wanted = field.descending === descending ? 1 : -1
    if (direction !== 0 && wanted !== direction) return 0
    direction = wanted
  }
  return direction === 0 ? 1 : direction
}

/** A union, only when every branch of an `$or` is bounded, by itself or by the conditions beside it. */
function unionPlan(collection: Collection, conditions: Filter[]): Plan | undefined {
  for (const condition of conditions) {
    if (condition.kind !== 'or' || condition.children.length === 0) continue
    const beside = conditions.filter((each) => each.kind !== 'or')
    const steps = condition.children.map((branch) => {
      const plan = choosePlan(collection, { kind: 'and', children: [branch, ...beside] }, [])
      const [step] = plan.steps
      const isWhole = step?.ranges.length === 1 && step.ranges[0]?.from.equals(prefixOf(collection, step.index))
      return plan.steps.length > 1 || isWhole ? undefined : step
    })
    if (steps.every((step) => step !== undefined))
      return { steps, reverse: false, sorted: false, once: false, exact: false }
  }
  return undefined
}

function isNarrow(collection: Collection, { steps }: Plan): boolean {
  const ranges = steps.flatMap((step) => step.ranges)
  return ranges.length <= fewEntries && collection.holdsAtMost(fewEntries, ranges)
}

/** Whether documents that fulfil the conditions are all in an index with this part of a partial filter. */
function isImplied(part: Filter, conditions: Filter[]): boolean {
  if (part.kind !== 'leaf') return false
  return conditions.some(
    (condition) => condition.kind === 'leaf' && condition.path === part.path && implies(condition, part),
  )
}

function implies(given: Leaf, part: Leaf): boolean {
  if (given.op === part.op && typeOf(given.operand) === typeOf(part.operand) && equal(given.operand, part.operand))
    return true
  const proves = (value: Value) => value !== null && !Array.isArray(value) && part.op !== '$type' && part.test(value)
  if (given.op === '$eq') return proves(given.operand)
  if (given.op === '$in') return (given.operand as Value[]).every((value) => typeof value !== 'object' && proves(value))
  return part.op === '$exists' && ['$gt', '$gte', '$lt', '$lte'].includes(given.op) && typeof given.operand !== 'object'
}
