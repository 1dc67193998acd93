/**
 * BSON values as this store holds them, exact in type: a Double is a JS number, a Long a bigint, every other number
 * a class of its own. A document is a Map, so integer-like names keep their place and `__proto__` is a name like any other.
 */
export type Value =
  | null
  | boolean
  | string
  | number
  | bigint
  | Int32
  | Decimal
  | DateTime
  | ObjectId
  | Binary
  | Regex
  | Timestamp
  | Opaque
  | Marker
  | Value[]
  | Doc

export type Doc = Map<string, Value>

export class Int32 {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
  get bsonType() {
    return 16
  }
}

/** A Decimal128, as its 16 little-endian bytes; decimal.ts takes it apart. */
export class Decimal {
  readonly bytes: Buffer
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
  get bsonType() {
    return 19
  }
}

/** Milliseconds since 1970 as BSON stores them: 64 bits, more than a JS Date reaches. */
export class DateTime {
  readonly ms: bigint
  constructor(ms: bigint) {
    this.ms = ms
  }
  get bsonType() {
    return 9
  }
}

export class ObjectId {
  readonly bytes: Buffer
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
  get bsonType() {
    return 7
  }
}

export class Binary {
  readonly subtype: number
  readonly bytes: Buffer
  constructor(subtype: number, bytes: Buffer) {
    this.subtype = subtype
    this.bytes = bytes
  }
  get bsonType() {
    return 5
  }
}

export class Regex {
  readonly pattern: string
  readonly flags: string
  constructor(pattern: string, flags: string) {
    this.pattern = pattern
    this.flags = flags
  }
  get bsonType() {
    return 11
  }
}

export class Timestamp {
  readonly value: bigint
  constructor(value: bigint) {
    this.value = value
  }
  get bsonType() {
    return 17
  }
}

/** DBPointer, JavaScript code and Symbol: kept and compared as bytes, never looked into. */
export class Opaque {
  readonly bsonType: number
  readonly bytes: Buffer
  constructor(bsonType: number, bytes: Buffer) {
    this.bsonType = bsonType
    this.bytes = bytes
  }
}

/** The values that are nothing but their type. */
export class Marker {
  readonly bsonType: number
  constructor(bsonType: number) {
    this.bsonType = bsonType
  }
}
export const minKey = new Marker(255)
export const maxKey = new Marker(127)
export const undefinedValue = new Marker(6)

export type Numeric = number | bigint | Int32 | Decimal

export function typeOf(value: Value): number {
  switch (typeof value) {
    case 'string':
      return 2
    case 'number':
      return 1
    case 'bigint':
      return 18
    case 'boolean':
      return 8
    default:
      if (value === null) return 10
      if (value instanceof Map) return 3
      if (Array.isArray(value)) return 4
      return value.bsonType
  }
}

const names: Record<number, string> = {
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  6: 'undefined',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  12: 'dbPointer',
  13: 'javascript',
  14: 'symbol',
  15: 'javascriptWithScope',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  127: 'maxKey',
  255: 'minKey',
}
export const typeNames: ReadonlyMap<string, number> = new Map(
  Object.entries(names).map(([number, name]) => [name, Number(number)]),
)
export const typeName = (value: Value): string => names[typeOf(value)] ?? 'unknown'

export function isNumeric(value: Value | undefined): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Int32 || value instanceof Decimal
}

export const int = (value: number): Int32 => new Int32(value)
