import { toInteger, toNumber } from '../bson/arithmetic.ts'
import { compare, isNaNValue, rankOf } from '../bson/compare.ts'
import { decimalParts } from '../bson/decimal.ts'
import {
  Decimal,
  type Doc,
  isNumeric,
  maxKey,
  minKey,
  Regex,
  typeNames,
  typeOf,
  undefinedValue,
  type Value,
} from '../bson/values.ts'
import { fail } from '../errors.ts'
import { compileRegex } from './regex.ts'

export type Test = (value: Value | undefined) => boolean

export const comparisons = new Map<string, (difference: number) => boolean>([
  ['$eq', (difference) => difference === 0],
  ['$gt', (difference) => difference > 0],
  ['$gte', (difference) => difference >= 0],
  ['$lt', (difference) => difference < 0],
  ['$lte', (difference) => difference <= 0],
])

const empty = (value: Value | undefined) => value === undefined || value === null || value === undefinedValue

/** Values are compared within their own kind; missing counts as null. */
export function comparison(op: string, operand: Value): Test {
  const holds = comparisons.get(op) as (difference: number) => boolean
  if (operand === null || operand === undefinedValue) {
    const includesEqual = holds(0)
    return (value) => includesEqual && empty(value)
  }
  if (operand === minKey || operand === maxKey) {
    const towards = operand === minKey ? 1 : -1
    return (value) => (value === operand ? holds(0) : op !== '$eq' && holds(towards))
  }
  const rank = rankOf(operand)
  if (isNaNValue(operand)) return (value) => holds(0) && value !== undefined && isNaNValue(value)
  if (rank !== 10) return (value) => value !== undefined && rankOf(value) === rank && holds(compare(value, operand))
  return (value) => isNumeric(value) && !isNaNValue(value) && holds(compare(value, operand))
}

export function regexTest(regex: Regex): Test {
  const compiled = compileRegex(regex.pattern, regex.flags)
  return (value) => {
    if (typeof value === 'string') return compiled.test(value)
    return value instanceof Regex && value.pattern === regex.pattern && value.flags === regex.flags
  }
}

export function anyOf(op: string, operand: Value): Test {
  if (!Array.isArray(operand)) return fail(2, `${op} needs an array`)
  const isNested = (each: Value) => each instanceof Map && each.keys().next().value?.startsWith('$') === true
  if (operand.some(isNested)) fail(2, `cannot nest $ under ${op}`)
  const patterns = operand.filter((each) => each instanceof Regex).map(regexTest)
  const isListed = equalToOne(operand.filter((each) => !(each instanceof Regex)))
  return patterns.length === 0 ? isListed : (value) => isListed(value) || patterns.some((test) => test(value))
}

/** As `$eq` with any of the values would; long lists are searched by halving. */
export function equalToOne(values: Value[]): Test {
  const strings = new Set(values.filter((each) => typeof each === 'string'))
  const others = values.filter((each) => typeof each !== 'string')
  const isOther = others.length > 40 ? sortedTest(others) : shortTest(others)
  return (value) => (typeof value === 'string' && strings.has(value)) || isOther(value)
}

function shortTest(values: Value[]): Test {
  const tests = values.map((each) => comparison('$eq', each))
  return (value) => tests.some((test) => test(value))
}

function sortedTest(values: Value[]): Test {
  const sorted = values.toSorted(compare)
  const hasNull = values.some(empty)
  return (value) => {
    if (hasNull && empty(value)) return true
    if (value === undefined) return false
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(sorted[middle] as Value, value) < 0) low = middle + 1
      else high = middle
    }
    const nearest = sorted[low]
    return nearest !== undefined && compare(nearest, value) === 0
  }
}

export function typeTest(operand: Value): Test {
  const wanted = new Set<number>()
  for (const each of Array.isArray(operand) ? operand : [operand]) {
    if (each === 'number') for (const type of [1, 16, 18, 19]) wanted.add(type)
    else if (typeof each === 'string') wanted.add(typeNames.get(each) ?? fail(2, `Unknown type name alias: ${each}`))
    else if (!isNumeric(each)) fail(14, 'type must be represented as a number or a string')
    else {
      const number = Number(toInteger(each) ?? fail(2, 'Invalid numerical type code'))
      const type = number === -1 ? 255 : number
      if (![...typeNames.values()].includes(type)) fail(2, `Invalid numerical type code: ${number}`)
      wanted.add(type)
    }
  }
  if (wanted.size === 0) fail(9, '$type must match at least one type')
  return (value) => value !== undefined && wanted.has(typeOf(value))
}

export function sizeTest(operand: Value): Test {
  const size = isNumeric(operand) ? toInteger(operand) : fail(2, `Failed to parse $size. Expected a number`)
  if (size === undefined) return fail(2, 'Failed to parse $size. Expected an integer')
  if (size < 0n) fail(2, 'Failed to parse $size. Expected a non-negative number')
  return (value) => Array.isArray(value) && BigInt(value.length) === size
}

const truncated = (value: Value | undefined): bigint | undefined => {
  if (!isNumeric(value)) return undefined
  if (value instanceof Decimal) {
    const parts = decimalParts(value)
    if (parts.kind !== 'finite') return undefined
    const scale = 10n ** BigInt(Math.abs(parts.exponent))
    const whole = parts.exponent >= 0 ? parts.coefficient * scale : parts.coefficient / scale
    return parts.negative ? -whole : whole
  }
  if (typeof value === 'bigint') return value
  const number = toNumber(value)
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : undefined
}

export function modTest(operand: Value): Test {
  if (!Array.isArray(operand)) return fail(2, 'malformed mod, needs to be an array')
  if (operand.length < 2) fail(2, 'malformed mod, not enough elements')
  if (operand.length > 2) fail(2, 'malformed mod, too many elements')
  const divisor = truncated(operand[0]) ?? fail(2, 'malformed mod, divisor not a number')
  const remainder = truncated(operand[1]) ?? fail(2, 'malformed mod, remainder not a number')
  if (divisor === 0n) fail(2, 'divisor cannot be 0')
  return (value) => {
    const whole = truncated(value)
    return whole !== undefined && whole % divisor === remainder
  }
}

export const isOperators = (value: Value): value is Doc => {
  if (!(value instanceof Map)) return false
  const first = value.keys().next().value
  return first?.startsWith('$') === true && !['$ref', '$id', '$db'].includes(first)
}
