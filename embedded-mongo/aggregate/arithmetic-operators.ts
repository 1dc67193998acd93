import { type Arithmetic, add, multiply, negate, toDecimal, toInteger, toNumber } from '../bson/arithmetic.ts'
import { decimalToString, divideDecimals } from '../bson/decimal.ts'
import { DateTime, Decimal, Int32, isNumeric, type Numeric, ObjectId, typeName, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { Compile } from './operators.ts'
import type { Evaluate, Scope } from './scope.ts'
import { Total } from './total.ts'

const isMissing = (value: Value | undefined) => value === undefined || value === null

/** Where a Long overflows, the aggregation language goes on with a Double. */
function widen(operation: Arithmetic, a: Numeric, b: Numeric): Numeric {
  return operation(a, b) ?? (operation(toNumber(a), toNumber(b)) as Numeric)
}

/** A date so many milliseconds later. */
function later(date: DateTime, by: Numeric): DateTime {
  const rounded = typeof by === 'bigint' ? 0 : Math.round(toNumber(by))
  const ms = Number.isFinite(rounded) ? date.ms + (typeof by === 'bigint' ? by : BigInt(rounded)) : undefined
  return ms !== undefined && BigInt.asIntN(64, ms) === ms
    ? new DateTime(ms)
    : fail(15, 'date overflow in $add or $subtract')
}

export function sum(values: Iterable<Value | undefined>): Value {
  const total = new Total()
  let date: DateTime | undefined
  for (const value of values) {
    if (isMissing(value)) return null
    if (value instanceof DateTime) {
      if (date) fail(16612, 'only one date allowed in an $add expression')
      date = value
    } else if (isNumeric(value)) total.add(value)
    else fail(14, `$add only supports numeric or date types, not ${typeName(value as Value)}`)
  }
  return date ? later(date, total.result()) : total.result()
}

export function product(values: Iterable<Value | undefined>): Value {
  let total: Numeric = new Int32(1)
  for (const value of values) {
    if (isMissing(value)) return null
    if (!isNumeric(value)) return fail(14, `$multiply only supports numeric types, not ${typeName(value as Value)}`)
    total = widen(multiply, total, value)
  }
  return total
}

export function subtract(a: Value | undefined, b: Value | undefined): Value {
  if (isMissing(a) || isMissing(b)) return null
  if (a instanceof DateTime) {
    if (b instanceof DateTime) return a.ms - b.ms
    if (isNumeric(b)) return later(a, negate(b))
  } else if (isNumeric(a) && isNumeric(b)) {
    const difference = typeof a === 'bigint' || typeof b === 'bigint' ? longDifference(a, b) : undefined
    return difference ?? widen(add, a, negate(b))
  }
  return fail(14, `can't $subtract ${typeName(b as Value)} from ${typeName(a as Value)}`)
}

/** By way of the difference itself: the smallest Long has no negative. */
function longDifference(a: Numeric, b: Numeric): bigint | undefined {
  const [x, y] = [a instanceof Int32 ? BigInt(a.value) : a, b instanceof Int32 ? BigInt(b.value) : b]
  if (typeof x !== 'bigint' || typeof y !== 'bigint') return undefined
  const whole = x - y
  return BigInt.asIntN(64, whole) === whole ? whole : undefined
}

export function divide(a: Value | undefined, b: Value | undefined): Value {
  if (isMissing(a) || isMissing(b)) return null
  if (!isNumeric(a) || !isNumeric(b)) {
    return fail(14, `$divide only supports numeric types, not ${typeName(a as Value)} and ${typeName(b as Value)}`)
  }
  if (toNumber(b) === 0) fail(2, "can't $divide by zero")
  if (a instanceof Decimal || b instanceof Decimal) return divideDecimals(toDecimal(a), toDecimal(b))
  return toNumber(a) / toNumber(b)
}

export function isoDate(date: DateTime): string {
  const ms = Number(date.ms)
  return Math.abs(ms) <= 8.64e15
    ? new Date(ms).toISOString()
    : fail(2, 'the date is outside of what can be written as a string')
}

export function doubleToString(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return Object.is(value, -0) ? '-0' : String(value)
}

export function convertToString(value: Value | undefined): Value {
  if (value === undefined || value === null) return null
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return doubleToString(value)
    case 'bigint':
    case 'boolean':
      return String(value)
  }
  if (value instanceof Int32) return String(value.value)
  if (value instanceof Decimal) return decimalToString(value)
  if (value instanceof ObjectId) return value.bytes.toString('hex')
  if (value instanceof DateTime) return isoDate(value)
  return fail(241, `Unsupported conversion from ${typeName(value)} to string in $convert with no onError value`)
}

const unitMs: Record<string, number> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}
const unitMonths: Record<string, number> = { month: 1, quarter: 3, year: 12 }

export function addDate(operand: Value, compile: Compile): Evaluate {
  if (!(operand instanceof Map)) return fail(5166400, '$dateAdd expects an object as its argument')
  for (const name of operand.keys()) {
    if (!['startDate', 'unit', 'amount'].includes(name))
      fail(5166401, `$dateAdd: '${name}' is not supported by the embedded store`)
  }
  const part = (name: string): Evaluate =>
    compile(operand.get(name) ?? fail(5166402, `$dateAdd requires startDate, unit, and amount to be present`))
  const [start, unit, amount] = [part('startDate'), part('unit'), part('amount')]
  return (scope: Scope) => {
    const [date, name, count] = [start(scope), unit(scope), amount(scope)]
    if (isMissing(date) || isMissing(name) || isMissing(count)) return null
    if (!(date instanceof DateTime)) return fail(5166403, '$dateAdd requires startDate to be convertible to a date')
    const whole = toInteger(count) ?? fail(5166405, '$dateAdd expects integer amount of time units')
    return shift(date, String(name), Number(whole))
  }
}

function shift(date: DateTime, unit: string, amount: number): DateTime {
  const ms = unitMs[unit]
  if (ms !== undefined) return new DateTime(date.ms + BigInt(ms) * BigInt(amount))
  const months = unitMonths[unit] ?? fail(9, `unknown time unit value: ${unit}`)
  const moved = new Date(Number(date.ms))
  const day = moved.getUTCDate()
  moved.setUTCDate(1)
  moved.setUTCMonth(moved.getUTCMonth() + months * amount)
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate()
  moved.setUTCDate(Math.min(day, lastDay))
  return new DateTime(BigInt(moved.getTime()))
}
