import { BSON, type Document } from 'mongodb'
import { decodeDocument } from './bson/decode.ts'
import { encodeDocument } from './bson/encode.ts'
import type { Value } from './bson/values.ts'
import { CopyError } from './copy-errors.ts'

const asItIs = { promoteValues: false, bsonRegExp: true }
const asTheDriver = { ignoreUndefined: false }

/**
 * A document of this collection as the driver writes it, byte for byte.
 * @throws CopyError naming the document and what in it cannot be written so
 */
export function exactDocument(collection: string, raw: Buffer): Document {
  try {
    const document = driverValue(decodeDocument(raw)) as Document
    const written = BSON.serialize(document, asTheDriver)
    if (raw.equals(written)) return document
    throw new CopyError(differenceOf(raw, written))
  } catch (error) {
    throw new CopyError(
      `${collection}: the document ${idOf(raw)} cannot be copied: ${(error as Error).message}; mend it in the source`,
    )
  }
}

function differenceOf(raw: Buffer, written: Uint8Array): string {
  // The driver tests no field's name: what replaces broken text there is longer.
  if (!isUtf8(raw) || written.length > raw.length) return 'it has text that is not UTF-8'
  return written.length < raw.length ? 'it has a field twice' : 'it has a value of a type that is out of use'
}

function isUtf8(raw: Buffer): boolean {
  try {
    BSON.deserialize(raw)
    return true
  } catch {
    return false
  }
}

function idOf(raw: Buffer): string {
  try {
    const id = decodeDocument(raw, 0, new Set(['_id'])).get('_id')
    return BSON.EJSON.stringify(driverValue(id ?? null))
  } catch {
    return '(whose _id cannot be read)'
  }
}

/** Maps, since integer-like names change places in an object. */
function driverValue(value: Value): unknown {
  if (value instanceof Map) return new Map([...value].map(([name, each]) => [name, driverValue(each)]))
  if (Array.isArray(value)) return value.map(driverValue)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return new BSON.Double(value)
  const { only } = BSON.deserialize(encodeDocument(new Map([['only', value]])), asItIs) as Document
  return only
}
