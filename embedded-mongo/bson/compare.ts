import { decimalParts, decimalToNumber } from './decimal.ts'
import {
  Binary,
  DateTime,
  Decimal,
  type Doc,
  Int32,
  type Numeric,
  ObjectId,
  Opaque,
  Regex,
  Timestamp,
  typeOf,
  type Value,
} from './values.ts'

/** MongoDB's order of types: values of one rank are compared with each other, the rest by rank. */
const ranks = new Map<number, number>([
  [255, 1],
  [6, 2],
  [10, 5],
  [1, 10],
  [16, 10],
  [18, 10],
  [19, 10],
  [2, 15],
  [14, 16],
  [3, 20],
  [4, 25],
  [5, 30],
  [7, 35],
  [8, 40],
  [9, 45],
  [17, 47],
  [11, 50],
  [12, 55],
  [13, 60],
  [15, 65],
  [127, 127],
])
const rankTable = new Uint8Array(256)
for (const [type, rank] of ranks) rankTable[type] = rank

export const rankOf = (value: Value): number => rankTable[typeOf(value)] as number

/** The one order that filters, sorts, index keys and changes agree on. */
export function compare(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  const rank = rankOf(a)
  const difference = rank - rankOf(b)
  if (difference !== 0) return difference
  if (rank === 10) return compareNumbers(a as Numeric, b as Numeric)
  if (a instanceof Map) return compareDocuments(a, b as Doc)
  if (Array.isArray(a)) return compareArrays(a, b as Value[])
  if (a instanceof ObjectId) return a.bytes.compare((b as ObjectId).bytes)
  if (a instanceof DateTime) return order(a.ms, (b as DateTime).ms)
  if (typeof a === 'boolean') return Number(a) - Number(b)
  if (a instanceof Timestamp) return order(a.value, (b as Timestamp).value)
  if (a instanceof Binary) return compareBinaries(a, b as Binary)
  if (a instanceof Regex) {
    const other = b as Regex
    return compareStrings(a.pattern, other.pattern) || compareStrings(a.flags, other.flags)
  }
  if (a instanceof Opaque) return a.bytes.compare((b as Opaque).bytes)
  return 0
}

export const equal = (a: Value, b: Value): boolean => compare(a, b) === 0

const order = <T extends number | bigint>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

/** By UTF-8 bytes, as MongoDB does: UTF-16 units differ from that where surrogates meet the units above them. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) {
    const x = a.charCodeAt(index)
    const y = b.charCodeAt(index)
    if (x === y) continue
    const surrogates = Number(x >= 0xd800 && x <= 0xdfff) - Number(y >= 0xd800 && y <= 0xdfff)
    return surrogates !== 0 && x >= 0xd800 && y >= 0xd800 ? surrogates : x - y
  }
  return a.length - b.length
}

function compareBinaries(a: Binary, b: Binary): number {
  return a.bytes.length - b.bytes.length || a.subtype - b.subtype || a.bytes.compare(b.bytes)
}

function compareArrays(a: Value[], b: Value[]): number {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) {
    const difference = compare(a[index] as Value, b[index] as Value)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Field by field: first the kinds of value, then the names, then the values. */
function compareDocuments(a: Doc, b: Doc): number {
  const others = b.entries()
  for (const [name, value] of a) {
    const next = others.next()
    if (next.done) return 1
    const [otherName, other] = next.value
    const difference = rankOf(value) - rankOf(other) || compareStrings(name, otherName) || compare(value, other)
    if (difference !== 0) return difference
  }
  return others.next().done ? 0 : -1
}

export const isNaNValue = (value: Value): boolean =>
  typeof value === 'number' ? Number.isNaN(value) : value instanceof Decimal && decimalParts(value).kind === 'nan'

export function compareNumbers(a: Numeric, b: Numeric): number {
  const x = a instanceof Int32 ? a.value : a
  const y = b instanceof Int32 ? b.value : b
  if (x instanceof Decimal || y instanceof Decimal) return compareWithDecimal(x, y)
  // JS compares a bigint with a number exactly. NaN is below every number and equal to itself.
  if (x < y) return -1
  if (x > y) return 1
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number are meant to be equal here
  if (x == y) return 0
  return Number(!Number.isNaN(x)) - Number(!Number.isNaN(y))
}

type Plain = number | bigint | Decimal

function compareWithDecimal(x: Plain, y: Plain): number {
  const nearX = nearest(x)
  const nearY = nearest(y)
  if (Number.isNaN(nearX) || Number.isNaN(nearY)) return Number(!Number.isNaN(nearX)) - Number(!Number.isNaN(nearY))
  // Rounding keeps the order, so only equal neighbours need the exact look.
  if (nearX !== nearY) return nearX < nearY ? -1 : 1
  if (isEndless(x) || isEndless(y)) return signOfEndless(x) - signOfEndless(y)
  const [p, q] = [ratio(x), ratio(y)]
  return order(p.top * q.bottom, q.top * p.bottom)
}

const nearest = (value: Plain): number => (value instanceof Decimal ? decimalToNumber(value) : Number(value))

const isEndless = (value: Plain): boolean =>
  value instanceof Decimal
    ? decimalParts(value).kind === 'infinity'
    : value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY

/** A huge Decimal128 rounds to an infinite Double: only the real infinities count 1 or -1. */
const signOfEndless = (value: Plain): number => (isEndless(value) ? Math.sign(nearest(value)) : 0)

interface Ratio {
  top: bigint
  bottom: bigint
}

export function ratio(value: Plain): Ratio {
  if (typeof value === 'bigint') return { top: value, bottom: 1n }
  if (typeof value === 'number') return ratioOfDouble(value)
  const parts = decimalParts(value)
  if (parts.kind !== 'finite') throw new RangeError('no ratio of an endless number')
  const top = parts.negative ? -parts.coefficient : parts.coefficient
  if (parts.exponent >= 0) return { top: top * 10n ** BigInt(parts.exponent), bottom: 1n }
  return { top, bottom: 10n ** BigInt(-parts.exponent) }
}

function ratioOfDouble(value: number): Ratio {
  if (Number.isInteger(value)) return { top: BigInt(value), bottom: 1n }
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, Math.abs(value))
  const raw = bits.getBigUint64(0)
  const exponent = Number(raw >> 52n)
  const fraction = raw & 0xfffffffffffffn
  const mantissa = exponent === 0 ? fraction : fraction | 0x10000000000000n
  const power = (exponent === 0 ? 1 : exponent) - 1075
  const top = value < 0 ? -mantissa : mantissa
  return power >= 0 ? { top: top << BigInt(power), bottom: 1n } : { top, bottom: 1n << BigInt(-power) }
}
