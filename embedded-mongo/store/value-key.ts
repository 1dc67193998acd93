import { toNumber } from '../bson/arithmetic.ts'
import { compareNumbers, rankOf, ratio } from '../bson/compare.ts'
import { decimalParts } from '../bson/decimal.ts'
import {
  Binary,
  DateTime,
  Decimal,
  Int32,
  type Numeric,
  ObjectId,
  Opaque,
  Regex,
  Timestamp,
  type Value,
} from '../bson/values.ts'

/**
 * Bytes that sort as `compare` sorts the values, and are equal when the values are. No encoding is a prefix of
 * another, so they can be put one after the other into compound keys.
 */
export function valueKey(value: Value): Buffer {
  at = 0
  write(value)
  return Buffer.from(scratch.subarray(0, at))
}

/** The same as text, for a Map or a Set of values. */
export const textKey = (value: Value): string => valueKey(value).toString('latin1')

/** A descending field is stored with its bytes inverted. */
export function invert(key: Buffer): Buffer {
  const result = Buffer.allocUnsafe(key.length)
  for (let index = 0; index < key.length; index++) result[index] = 255 - (key[index] as number)
  return result
}

let scratch = Buffer.allocUnsafe(1024)
let at = 0

function room(bytes: number): void {
  if (at + bytes <= scratch.length) return
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, at + bytes))
  scratch.copy(larger, 0, 0, at)
  scratch = larger
}

function byte(value: number): void {
  room(1)
  scratch[at++] = value
}

function write(value: Value): void {
  byte(rankOf(value))
  switch (typeof value) {
    case 'string':
      writeText(value)
      return
    case 'boolean':
      byte(value ? 1 : 0)
      return
    case 'number':
    case 'bigint':
      writeNumber(value)
      return
  }
  if (value === null) return
  if (value instanceof Map) {
    for (const [name, field] of value) {
      byte(rankOf(field))
      writeText(name)
      write(field)
    }
    byte(0)
  } else if (Array.isArray(value)) {
    for (const element of value) write(element)
    byte(0)
  } else writeObject(value)
}

function writeObject(value: Exclude<Value, null | string | number | bigint | boolean | Value[] | Map<string, Value>>) {
  if (value instanceof Int32 || value instanceof Decimal) writeNumber(value)
  else if (value instanceof ObjectId) append(value.bytes)
  else if (value instanceof DateTime) writeUnsigned(BigInt.asUintN(64, value.ms) ^ (1n << 63n))
  else if (value instanceof Timestamp) writeUnsigned(value.value)
  else if (value instanceof Binary) {
    room(5)
    at = scratch.writeUInt32BE(value.bytes.length, at)
    byte(value.subtype)
    append(value.bytes)
  } else if (value instanceof Regex) {
    writeText(value.pattern)
    writeText(value.flags)
  } else if (value instanceof Opaque) {
    for (const each of value.bytes) escaped(each)
    end()
  }
}

function append(bytes: Buffer): void {
  room(bytes.length)
  at += bytes.copy(scratch, at)
}

function writeUnsigned(value: bigint): void {
  room(8)
  at = scratch.writeBigUInt64BE(value, at)
}

function writeText(text: string): void {
  if (text.includes('\0')) {
    for (const each of Buffer.from(text)) escaped(each)
  } else {
    room(text.length * 3)
    at += scratch.write(text, at, 'utf8')
  }
  end()
}

function escaped(each: number): void {
  byte(each)
  if (each === 0) byte(255)
}

function end(): void {
  room(2)
  scratch[at++] = 0
  scratch[at++] = 0
}

/**
 * The largest Double not above the number, as sortable bytes; then 0 if that is the number itself, else 1 and the
 * number's decimal digits. Only Longs and Decimal128s ever need the digits.
 */
function writeNumber(value: Numeric): void {
  let floor = toNumber(value)
  if (Number.isNaN(floor)) {
    byte(0)
    return
  }
  byte(1)
  const offset = compareNumbers(floor, value)
  if (offset > 0) floor = nextBelow(floor)
  room(8)
  scratch.writeDoubleBE(floor === 0 ? 0 : floor, at)
  if (floor < 0) for (let index = at; index < at + 8; index++) scratch[index] = 255 - (scratch[index] as number)
  else scratch[at] = (scratch[at] as number) ^ 128
  at += 8
  if (offset === 0) {
    byte(0)
    return
  }
  byte(1)
  writeDigits(value)
}

const bits = new DataView(new ArrayBuffer(8))

function nextBelow(value: number): number {
  if (value === Number.POSITIVE_INFINITY) return Number.MAX_VALUE
  if (value === 0) return -Number.MIN_VALUE
  bits.setFloat64(0, value)
  bits.setBigUint64(0, bits.getBigUint64(0) + (value > 0 ? -1n : 1n))
  return bits.getFloat64(0)
}

function writeDigits(value: Numeric): void {
  const start = at
  const { negative, coefficient, exponent } = scientific(value)
  const digits = coefficient.toString()
  room(digits.length + 3)
  at = scratch.writeUInt16BE(exponent + digits.length + 20000, at)
  at += scratch.write(digits.replace(/0+$/, ''), at, 'latin1')
  byte(0)
  if (negative) for (let index = start; index < at; index++) scratch[index] = 255 - (scratch[index] as number)
}

function scientific(value: Numeric): { negative: boolean; coefficient: bigint; exponent: number } {
  if (value instanceof Decimal) {
    const parts = decimalParts(value)
    if (parts.kind === 'finite') return parts
  }
  const whole = ratio(value instanceof Int32 ? value.value : value).top
  return { negative: whole < 0n, coefficient: whole < 0n ? -whole : whole, exponent: 0 }
}
