import { fail } from '../errors.ts'
import { nameOf } from './names.ts'
import {
  Binary,
  DateTime,
  Decimal,
  type Doc,
  Int32,
  maxKey,
  minKey,
  ObjectId,
  Opaque,
  Regex,
  Timestamp,
  undefinedValue,
  type Value,
} from './values.ts'

/** Bytes that are no BSON. */
export class MalformedBson extends Error {}

const deepest = 200
/** How many bytes a value takes, by its type, where that does not depend on the value. */
const lengths: Record<number, number> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
}

export function documentEnd(buffer: Buffer, start: number): number {
  if (start + 5 > buffer.length) throw new MalformedBson('document cut short')
  const end = start + buffer.readInt32LE(start)
  if (end < start + 5 || end > buffer.length || buffer[end - 1] !== 0) throw new MalformedBson('document length')
  return end
}

/** Reads a document; with `only`, just these top-level fields, and no further than the last of them. */
export function decodeDocument(buffer: Buffer, start = 0, only?: ReadonlySet<string>): Doc {
  return new Reader(buffer).document(start, 0, only)
}

class Reader {
  readonly buffer: Buffer
  at = 0
  constructor(buffer: Buffer) {
    this.buffer = buffer
  }

  document(start: number, depth: number, only?: ReadonlySet<string>): Doc {
    if (depth > deepest) fail(15, 'BSONObj exceeds maximum nested object depth')
    const end = documentEnd(this.buffer, start)
    const result: Doc = new Map()
    this.at = start + 4
    let wanted = only?.size ?? -1
    while (this.at < end - 1) {
      const type = this.byte()
      const name = this.cstring(end)
      if (only && !only.has(name)) {
        this.skip(type, end)
        continue
      }
      result.set(name, this.value(type, end, depth))
      if (--wanted === 0) break
    }
    this.at = end
    return result
  }

  array(start: number, depth: number): Value[] {
    if (depth > deepest) fail(15, 'BSONObj exceeds maximum nested object depth')
    const end = documentEnd(this.buffer, start)
    const result: Value[] = []
    this.at = start + 4
    while (this.at < end - 1) {
      const type = this.byte()
      const zero = this.buffer.indexOf(0, this.at)
      if (zero < 0 || zero >= end) throw new MalformedBson('name without end')
      this.at = zero + 1
      result.push(this.value(type, end, depth))
    }
    this.at = end
    return result
  }

  byte(): number {
    const value = this.buffer[this.at++]
    if (value === undefined) throw new MalformedBson('cut short')
    return value
  }

  cstring(end: number): string {
    const { buffer } = this
    const start = this.at
    let zero = start
    let hash = 0
    for (; ; zero++) {
      if (zero >= end) throw new MalformedBson('name without end')
      const code = buffer[zero] as number
      if (code === 0) break
      hash = (Math.imul(hash, 31) + code) | 0
    }
    this.at = zero + 1
    return nameOf(buffer, start, zero, hash)
  }

  take(length: number, end: number): number {
    const start = this.at
    if (length < 0 || start + length > end) throw new MalformedBson('value cut short')
    this.at = start + length
    return start
  }

  sized(end: number): number {
    return this.buffer.readInt32LE(this.take(4, end))
  }

  bytes(length: number, end: number): Buffer {
    const start = this.take(length, end)
    return this.buffer.subarray(start, start + length)
  }

  string(end: number): string {
    const length = this.sized(end)
    if (length < 1) throw new MalformedBson('string length')
    const start = this.take(length, end)
    if (this.buffer[start + length - 1] !== 0) throw new MalformedBson('string without end')
    return this.buffer.toString('utf8', start, start + length - 1)
  }

  value(type: number, end: number, depth: number): Value {
    const { buffer } = this
    switch (type) {
      case 1:
        return buffer.readDoubleLE(this.take(8, end))
      case 2:
        return this.string(end)
      case 3:
        return this.document(this.at, depth + 1)
      case 4:
        return this.array(this.at, depth + 1)
      case 5: {
        const length = this.sized(end)
        const subtype = this.byte()
        return new Binary(subtype, this.bytes(length, end))
      }
      case 6:
        return undefinedValue
      case 7:
        return new ObjectId(this.bytes(12, end))
      case 8:
        return this.byte() === 1
      case 9:
        return new DateTime(buffer.readBigInt64LE(this.take(8, end)))
      case 10:
        return null
      case 11:
        return new Regex(this.cstring(end), this.cstring(end))
      case 16:
        return new Int32(buffer.readInt32LE(this.take(4, end)))
      case 17:
        return new Timestamp(buffer.readBigUInt64LE(this.take(8, end)))
      case 18:
        return buffer.readBigInt64LE(this.take(8, end))
      case 19:
        return new Decimal(this.bytes(16, end))
      case 127:
        return maxKey
      case 255:
        return minKey
      default: {
        const start = this.at
        this.skip(type, end)
        return new Opaque(type, buffer.subarray(start, this.at))
      }
    }
  }

  skip(type: number, end: number): void {
    const length = lengths[type]
    if (length !== undefined) this.take(length, end)
    else this.skipSized(type, end)
  }

  skipSized(type: number, end: number): void {
    switch (type) {
      case 2:
      case 13:
      case 14:
        this.take(this.sized(end), end)
        return
      case 3:
      case 4:
        this.at = documentEnd(this.buffer, this.at)
        return
      case 5:
        this.take(this.sized(end) + 1, end)
        return
      case 11:
        this.cstring(end)
        this.cstring(end)
        return
      case 12:
        this.take(this.sized(end) + 12, end)
        return
      case 15:
        this.take(this.sized(end) - 4, end)
        return
      default:
        throw new MalformedBson(`unknown BSON type ${type}`)
    }
  }
}

/** The documents of an array field as they came, byte for byte. */
export function rawDocuments(buffer: Buffer, field: string): Buffer[] {
  const reader = new Reader(buffer)
  const end = documentEnd(buffer, 0)
  reader.at = 4
  while (reader.at < end - 1) {
    const type = reader.byte()
    if (reader.cstring(end) === field && type === 4) return elementsOf(reader)
    reader.skip(type, end)
  }
  return []
}

function elementsOf(reader: Reader): Buffer[] {
  const { buffer } = reader
  const end = documentEnd(buffer, reader.at)
  const result: Buffer[] = []
  reader.at += 4
  while (reader.at < end - 1) {
    const type = reader.byte()
    reader.cstring(end)
    const start = reader.at
    reader.skip(type, end)
    result.push(buffer.subarray(start, reader.at))
  }
  return result
}
