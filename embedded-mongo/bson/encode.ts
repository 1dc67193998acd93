import { Binary, DateTime, Decimal, Int32, Marker, ObjectId, Opaque, Regex, Timestamp, type Value } from './values.ts'

/** A document that is already bytes: what find answers is what was inserted, untouched. */
export class RawDocument {
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

export type Encodable = Value | RawDocument | Encodable[] | Map<string, Encodable>

let buffer = Buffer.allocUnsafe(64 * 1024)
let at = 0
const keepAtMost = 1024 * 1024

export function encodeDocument(document: Map<string, Encodable>): Buffer {
  at = 0
  writeDocument(document)
  const result = Buffer.allocUnsafe(at)
  buffer.copy(result, 0, 0, at)
  if (buffer.length > keepAtMost) buffer = Buffer.allocUnsafe(64 * 1024)
  return result
}

function room(bytes: number): void {
  if (at + bytes <= buffer.length) return
  const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes))
  buffer.copy(larger, 0, 0, at)
  buffer = larger
}

function writeDocument(document: Map<string, Encodable>): void {
  room(4)
  const start = at
  at += 4
  for (const [name, value] of document) writeElement(name, value)
  close(start)
}

function writeArray(values: Encodable[]): void {
  room(4)
  const start = at
  at += 4
  for (let index = 0; index < values.length; index++) writeElement(String(index), values[index] as Encodable)
  close(start)
}

function close(start: number): void {
  room(1)
  buffer[at++] = 0
  buffer.writeInt32LE(at - start, start)
}

function writeElement(name: string, value: Encodable): void {
  room(1 + name.length * 3 + 1 + 24)
  const typeAt = at++
  cstring(name)
  // Not in one line: writing the value may put another buffer in this one's place.
  const type = writeValue(value)
  buffer[typeAt] = type
}

function cstring(text: string): void {
  room(text.length * 3 + 1)
  at += buffer.write(text, at, 'utf8')
  buffer[at++] = 0
}

function append(bytes: Uint8Array): void {
  room(bytes.length)
  buffer.set(bytes, at)
  at += bytes.length
}

function writeString(text: string): number {
  room(text.length * 3 + 5)
  const length = buffer.write(text, at + 4, 'utf8')
  buffer.writeInt32LE(length + 1, at)
  at += 4 + length
  buffer[at++] = 0
  return 2
}

function writeInt(value: number): void {
  room(4)
  at = buffer.writeInt32LE(value, at)
}

function writeLong(value: bigint): void {
  room(8)
  at = buffer.writeBigInt64LE(value, at)
}

function writeValue(value: Encodable): number {
  switch (typeof value) {
    case 'string':
      return writeString(value)
    case 'number':
      room(8)
      at = buffer.writeDoubleLE(value, at)
      return 1
    case 'bigint':
      writeLong(value)
      return 18
    case 'boolean':
      room(1)
      buffer[at++] = value ? 1 : 0
      return 8
  }
  if (value === null) return 10
  if (value instanceof Map) {
    writeDocument(value)
    return 3
  }
  if (Array.isArray(value)) {
    writeArray(value)
    return 4
  }
  return writeObject(value)
}

function writeObject(
  value: Exclude<Encodable, null | boolean | string | number | bigint | unknown[] | Map<string, Encodable>>,
): number {
  if (value instanceof RawDocument) {
    append(value.bytes)
    return 3
  }
  if (value instanceof Int32) writeInt(value.value)
  else if (value instanceof DateTime) writeLong(value.ms)
  else if (value instanceof Timestamp) writeLong(BigInt.asIntN(64, value.value))
  else if (value instanceof Binary) {
    writeInt(value.bytes.length)
    room(1)
    buffer[at++] = value.subtype
    append(value.bytes)
  } else if (value instanceof Regex) {
    cstring(value.pattern)
    cstring(value.flags)
  } else if (value instanceof ObjectId || value instanceof Decimal || value instanceof Opaque) append(value.bytes)
  else if (!(value instanceof Marker)) throw new TypeError('not a BSON value')
  return value.bsonType
}
