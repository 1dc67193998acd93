import type { Clock } from '../aggregate/expression.ts'
import { type Projection, parseProjection } from '../aggregate/projection.ts'
import { toNumber } from '../bson/arithmetic.ts'
import { decodeDocument } from '../bson/decode.ts'
import { encodeDocument } from '../bson/encode.ts'
import { type Doc, isNumeric, typeName, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { type Filter, type Found, fieldsOf, matches } from '../match/filter.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { choosePlan, type Plan } from '../planner/plan.ts'
import { scan } from '../planner/scan.ts'
import { parseSort, type SortField } from '../sort/sort.ts'
import { sortStream } from '../sort/sorter.ts'
import { type Collection, idIndex, type Stored } from '../store/collection.ts'
import { refuseResult } from '../store/document-limits.ts'
import type { KeyValueStore } from '../store/key-value.ts'
import type { Stream } from '../stream.ts'
import { type Context, collectionName, collectionOf, countOption, flag, type Handler } from './context.ts'

/** A read, parsed and checked whole. */
export interface Query {
  filter: Filter
  sort: SortField[]
  skip: number
  /** Infinity: no limit. */
  limit: number
  projection?: Projection | undefined
  hint?: Value | undefined
  /** Nothing of the documents is read, as by a count: their bytes may be left out. */
  countOnly?: boolean
  /** Counts the documents looked at, for explain. */
  examined?: { documents: number }
}

export interface Hit extends Stored {
  position: number | undefined
}

export const firstBatch = 101

export const find: Handler = (context, command) => {
  const query = parseQuery(command, context.clock)
  const batchSize = countOption(command, 'batchSize') ?? firstBatch
  const namespace = `${context.database}.${collectionName(command)}`
  return context.cursors.first(namespace, results(context, collectionOf(context, command), query), {
    batchSize,
    single: flag(command, 'singleBatch'),
    deadline: context.deadline,
  })
}

export function parseQuery(command: Doc, clock: Clock): Query {
  return {
    filter: parseFilter(command.get('filter'), clock),
    sort: parseFindSort(command.get('sort')),
    skip: countOption(command, 'skip') ?? 0,
    limit: countOption(command, 'limit') || Number.POSITIVE_INFINITY,
    projection: parseProjection(command.get('projection'), clock),
    hint: command.get('hint'),
  }
}

/** `$natural` is the order of the documents themselves. */
export function parseFindSort(sort: Value | undefined): SortField[] {
  if (!(sort instanceof Map) || !sort.has('$natural')) return parseSort(sort)
  const direction = sort.get('$natural') as Value
  if (sort.size > 1 || !isNumeric(direction) || Math.abs(toNumber(direction)) !== 1)
    fail(2, '$natural sort cannot be set to a value other than -1 or 1.')
  return parseSort(new Map([['_id', direction]]))
}

export function* results(context: Context, collection: Collection | undefined, query: Query): Stream<Buffer> {
  if (!collection) return
  for (const hit of hits(context.kv, collection, query)) {
    if (!hit) yield undefined
    else if (!query.projection) yield hit.bytes
    else yield encodeResult(query.projection.project(decodeDocument(hit.bytes), hit.position))
  }
}

/** @throws CommandError 10334 where no answer can hold it */
export function encodeResult(document: Doc): Buffer {
  const encoded = encodeDocument(document)
  refuseResult(encoded.length)
  return encoded
}

/** The documents that match, sorted, skipped and limited, as they are stored. */
export function* hits(kv: KeyValueStore, collection: Collection, query: Query): Stream<Hit> {
  const sort = query.countOnly ? [] : query.sort
  const plan = choosePlan(collection, query.filter, sort, query.hint)
  const end = query.skip + query.limit
  const chunk = plan.sorted && end < 256 ? Math.max(1, end) : 64
  const fetch = !(query.countOnly && plan.exact)
  const stored = scan(kv, collection, plan, { chunk, fetch })
  const matching = isSure(plan, fetch) ? allHits(stored, query) : matchingHits(stored, query)
  const ordered = plan.sorted ? matching : sortedHits(matching, sort, end)
  let count = 0
  for (const hit of ordered) {
    if (!hit) yield undefined
    else if (count++ >= query.skip) yield hit
    if (count >= end) return
  }
}

/** A document that an index led to may have changed since that entry was read; its `_id` and its key cannot. */
const isSure = ({ exact, steps }: Plan, fetched: boolean): boolean => exact && (!fetched || steps[0]?.index === idIndex)

function* allHits(stored: Stream<Stored>, { examined }: Query): Stream<Hit> {
  for (const each of stored) {
    if (each && examined) examined.documents++
    yield each && { ...each, position: undefined }
  }
}

function* matchingHits(stored: Stream<Stored>, { filter, projection, examined }: Query): Stream<Hit> {
  const positional = projection?.positional === true
  const only = fieldsOf(filter)
  for (const each of stored) {
    if (each && examined) examined.documents++
    if (!each) yield undefined
    else {
      const document = decodeDocument(each.bytes, 0, only)
      const found: Found = { position: undefined }
      const fits = positional ? matches(filter, document, found) : matches(filter, document)
      if (fits) yield { ...each, position: found.position }
    }
  }
}

function sortedHits(stream: Stream<Hit>, sort: SortField[], keep: number): Stream<Hit> {
  const only = new Set(sort.map(({ parts }) => parts[0] as string))
  const measure = ({ bytes }: Hit): [Doc, number] => [decodeDocument(bytes, 0, only), bytes.length]
  return sortStream(stream, { sort, keep, measure })
}

export const getMore: Handler = (context, command) => {
  const id = command.get('getMore')
  if (typeof id !== 'bigint') return fail(14, "Field 'getMore' must be of type long in: getMore")
  const collection = command.get('collection')
  if (typeof collection !== 'string') return fail(14, "Field 'collection' must be of type string in: getMore")
  // Its time is what the command that opened the cursor has left.
  if (context.deadline !== Number.POSITIVE_INFINITY)
    fail(2, 'cannot set maxTimeMS on getMore command for a non-awaitData cursor')
  const namespace = `${context.database}.${collection}`
  return context.cursors.next(id, namespace, countOption(command, 'batchSize') || Number.POSITIVE_INFINITY)
}

export const killCursors: Handler = (context, command) => {
  const ids = command.get('cursors')
  if (!Array.isArray(ids)) return fail(14, "Field 'cursors' must be of type array in: killCursors")
  const { killed, missing } = context.cursors.kill(ids.map(cursorId))
  return new Map<string, Value>([
    ['cursorsKilled', killed],
    ['cursorsNotFound', missing],
    ['cursorsAlive', []],
    ['cursorsUnknown', []],
    ['ok', 1],
  ])
}

function cursorId(id: Value, at: number): bigint {
  if (typeof id === 'bigint') return id
  return fail(14, `BSON field 'killCursors.cursors.${at}' is the wrong type '${typeName(id)}', expected type 'long'`)
}
