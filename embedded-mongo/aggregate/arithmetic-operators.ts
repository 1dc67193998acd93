import { type Arithmetic, add, multiply, negate, toDecimal, toNumber } from '../bson/arithmetic.ts'
import { decimalToString, divideDecimals } from '../bson/decimal.ts'
import { DateTime, Decimal, Int32, isNumeric, type Numeric, ObjectId, typeName, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { isNullish } from './scope.ts'
import { Total } from './total.ts'

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
    if (isNullish(value)) return null
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
    if (isNullish(value)) return null
    if (!isNumeric(value)) return fail(14, `$multiply only supports numeric types, not ${typeName(value as Value)}`)
    total = widen(multiply, total, value)
  }
  return total
}

export function subtract(a: Value | undefined, b: Value | undefined): Value {
  if (isNullish(a) || isNullish(b)) return null
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
  if (isNullish(a) || isNullish(b)) return null
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
  if (isNullish(value)) return null
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
