import type { Doc, Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { largestDocument } from '../limits.ts'

/** What MongoDB keeps. A message may be deeper, by what a command and an answer put around a document. */
const deepestDocument = 180

/** @throws CommandError 10334 or 15 for a document that cannot be kept */
export function refuseInsert(document: Doc, size: number): void {
  if (size > largestDocument)
    fail(10334, `object to insert too large. size in bytes: ${size}, max size: ${largestDocument}`)
  if (isDeeper(document, deepestDocument))
    fail(15, `cannot insert document because it exceeds ${deepestDocument} levels of nesting`)
}

/** The same for what an update has made. */
export function refuseUpdate(document: Doc, size: number): void {
  if (size > largestDocument) fail(10334, `Resulting document after update is larger than ${largestDocument}`)
  if (isDeeper(document, deepestDocument))
    fail(15, `Document exceeds maximum nesting depth of ${deepestDocument} after update`)
}

/** @throws CommandError 10334 for a document that no answer can hold */
export function refuseResult(size: number): void {
  const hexadecimal = `0x${size.toString(16)}`
  if (size > largestDocument)
    fail(10334, `BSONObj size: ${size} (${hexadecimal}) is invalid. Size must be between 0 and 16793600(16MB)`)
}

function isDeeper(value: Value, levels: number): boolean {
  if (!(value instanceof Map || Array.isArray(value))) return false
  if (levels === 0) return true
  for (const each of value.values()) if (isDeeper(each, levels - 1)) return true
  return false
}
