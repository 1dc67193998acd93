import { addDecimals, decimalFromDouble, decimalFromInteger, decimalToNumber, multiplyDecimals } from './decimal.ts'
import { Decimal, Int32, type Numeric, type Value } from './values.ts'

const longest = 2n ** 63n

export const toNumber = (value: Numeric): number =>
  value instanceof Int32 ? value.value : value instanceof Decimal ? decimalToNumber(value) : Number(value)

export function toDecimal(value: Numeric): Decimal {
  if (value instanceof Decimal) return value
  if (value instanceof Int32) return decimalFromInteger(BigInt(value.value))
  return typeof value === 'bigint' ? decimalFromInteger(value) : decimalFromDouble(value)
}

/** The whole number a value stands for, if it stands for one that a Long can hold. */
export function toInteger(value: Value | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (value instanceof Int32) return BigInt(value.value)
  const near = value instanceof Decimal ? decimalToNumber(value) : value
  if (typeof near !== 'number' || !Number.isInteger(near) || Math.abs(near) > 2 ** 63) return undefined
  return BigInt(near)
}

export type Arithmetic = (a: Numeric, b: Numeric) => Numeric | undefined

/** The widest of both types; an Int32 that overflows becomes a Long; undefined when a Long overflows. */
export const add: Arithmetic = (a, b) =>
  apply(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
    addDecimals,
  )
export const multiply: Arithmetic = (a, b) =>
  apply(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
    multiplyDecimals,
  )

function apply(
  a: Numeric,
  b: Numeric,
  doubles: (x: number, y: number) => number,
  longs: (x: bigint, y: bigint) => bigint,
  decimals: (x: Decimal, y: Decimal) => Decimal,
): Numeric | undefined {
  if (a instanceof Decimal || b instanceof Decimal) return decimals(toDecimal(a), toDecimal(b))
  if (typeof a === 'number' || typeof b === 'number') return doubles(toNumber(a), toNumber(b))
  const whole = longs(integer(a), integer(b))
  if (typeof a !== 'bigint' && typeof b !== 'bigint' && BigInt.asIntN(32, whole) === whole) {
    return new Int32(Number(whole))
  }
  return whole >= -longest && whole < longest ? whole : undefined
}

const integer = (value: bigint | Int32): bigint => (typeof value === 'bigint' ? value : BigInt(value.value))

export const negate = (value: Numeric): Numeric => multiply(value, new Int32(-1)) ?? -toNumber(value)
