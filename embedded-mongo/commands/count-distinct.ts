import { decodeDocument } from '../bson/decode.ts'
import { int, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { largestDocument } from '../limits.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { valuesAlong } from '../match/walk.ts'
import { textKey } from '../store/value-key.ts'
import { collectionOf, countOption, type Handler, numberOption, ok } from './context.ts'
import { hits, type Query } from './find.ts'

/** What an element of an array takes beside its value. */
const elementBytes = 8
const whole = { sort: [], skip: 0, limit: Number.POSITIVE_INFINITY }

export const count: Handler = function* (context, command) {
  const query: Query = {
    filter: parseFilter(command.get('query'), context.clock),
    sort: [],
    skip: countOption(command, 'skip') ?? 0,
    limit: Math.abs(numberOption(command, 'limit') ?? 0) || Number.POSITIVE_INFINITY,
    hint: command.get('hint'),
    countOnly: true,
  }
  const collection = collectionOf(context, command)
  let n = 0
  if (collection) {
    for (const hit of hits(context.kv, collection, query)) {
      if (hit) n++
      else yield undefined
    }
  }
  return ok({ n: int(n) })
}

export const distinct: Handler = function* (context, command) {
  const key = command.get('key')
  if (typeof key !== 'string' || key === '') return fail(14, "BSON field 'distinct.key' must be a non-empty string")
  const query: Query = {
    filter: parseFilter(command.get('query') ?? undefined, context.clock),
    ...whole,
    hint: command.get('hint'),
  }
  const collection = collectionOf(context, command)
  const values = new Map<string, Value>()
  let bytes = 0
  const keep = (value: Value) => {
    const name = textKey(value)
    if (values.has(name)) return
    bytes += name.length + elementBytes
    if (bytes > largestDocument) fail(17217, 'distinct too big, 16mb cap')
    values.set(name, value)
  }
  if (collection) {
    const parts = key.split('.')
    const only = new Set([parts[0] as string])
    for (const hit of hits(context.kv, collection, query)) {
      if (!hit) {
        yield undefined
        continue
      }
      valuesAlong(decodeDocument(hit.bytes, 0, only), parts, keep)
    }
  }
  return ok({ values: [...values.values()] })
}
