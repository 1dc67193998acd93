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
  const tests: Test[] = []
  const strings = new Set<string>()
  for (const each of operand) {
    if (each instanceof Regex) tests.push(regexTest(each))
    else if (each instanceof Map && [...each.keys()][0]?.startsWith('$')) fail(2, `cannot nest $ under ${op}`)
    else if (typeof each === 'string') strings.add(each)
    else tests.push(comparison('$eq', each))
  }
  if (tests.length > 40) return sortedAnyOf(operand, strings)
  return (value) => (typeof value === 'string' && strings.has(value)) || tests.some((test) => test(value))
}

/** Long lists are searched by halving. */
function sortedAnyOf(operand: Value[], strings: Set<string>): Test {
  const plain = operand.filter((each) => typeof each !== 'string' && !(each instanceof Regex)).sort(compare)
  const regexes = operand.filter((each) => each instanceof Regex).map(regexTest)
  const hasNull = operand.some((each) => empty(each))
  return (value) => {
    if (typeof value === 'string' && strings.has(value)) return true
    if (hasNull && empty(value)) return true
    if (value === undefined) return false
    let low = 0
    let high = plain.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(plain[middle] as Value, value) < 0) low = middle + 1
      else high = middle
    }
    const nearest = plain[low]
    return (nearest !== undefined && compare(nearest, value) === 0) || regexes.some((test) => test(value))
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
