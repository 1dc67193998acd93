import type { Clock } from '../aggregate/expression.ts'
import { type Projection, parseProjection } from '../aggregate/projection.ts'
import { toInteger, toNumber } from '../bson/arithmetic.ts'
import { decodeDocument } from '../bson/decode.ts'
import { encodeDocument } from '../bson/encode.ts'
import { type Doc, isNumeric, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { type Filter, type Found, fieldsOf, matches } from '../match/filter.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { choosePlan } from '../planner/plan.ts'
import { type Stream, scan } from '../planner/scan.ts'
import { parseSort, Sorter, type SortField } from '../sort/sort.ts'
import type { Collection, Stored } from '../store/collection.ts'
import type { KeyValueStore } from '../store/key-value.ts'
import { type Context, collectionName, collectionOf, countOption, flag, type Handler, numberOption } from './context.ts'

/** A read, parsed and checked whole. */
export interface Query {
  filter: Filter
  sort: SortField[]
  skip: number
  /** Infinity: no limit. */
  limit: number
  projection?: Projection | undefined
  hint?: Value | undefined
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
  return context.cursors.first(
    namespace,
    results(context, collectionOf(context, command), query),
    batchSize,
    flag(command, 'singleBatch') || (numberOption(command, 'limit') ?? 0) < 0,
  )
}

export function parseQuery(command: Doc, clock: Clock): Query {
  return {
    filter: parseFilter(command.get('filter'), clock),
    sort: parseFindSort(command.get('sort')),
    skip: countOption(command, 'skip') ?? 0,
    limit: Math.abs(numberOption(command, 'limit') ?? 0) || Number.POSITIVE_INFINITY,
    projection: parseProjection(command.get('projection'), clock),
    hint: command.get('hint'),
  }
}

/** `$natural` is the order of the documents themselves. */
function parseFindSort(sort: Value | undefined): SortField[] {
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
    else yield encodeDocument(query.projection.project(decodeDocument(hit.bytes), hit.position))
  }
}

/** The documents that match, sorted, skipped and limited, as they are stored. */
export function* hits(kv: KeyValueStore, collection: Collection, query: Query): Stream<Hit> {
  const plan = choosePlan(collection, query.filter, query.sort, query.hint)
  const end = query.skip + query.limit
  const chunk = plan.sorted && end < 256 ? Math.max(1, end) : 64
  const matching = matchingHits(scan(kv, collection, plan, chunk), query)
  const ordered = plan.sorted ? matching : sortedHits(matching, query.sort, end)
  let count = 0
  for (const hit of ordered) {
    if (!hit) yield undefined
    else if (count++ >= query.skip) yield hit
    if (count >= end) return
  }
}

function* matchingHits(stored: Stream<Stored>, { filter, projection, examined }: Query): Stream<Hit> {
  const positional = projection?.positional === true
  const all = filter.kind === 'and' && filter.children.length === 0
  const only = fieldsOf(filter)
  for (const each of stored) {
    if (each && examined) examined.documents++
    if (!each) yield undefined
    else if (all) yield { ...each, position: undefined }
    else {
      const document = decodeDocument(each.bytes, 0, only)
      const found: Found = { position: undefined }
      const fits = positional ? matches(filter, document, found) : matches(filter, document)
      if (fits) yield { ...each, position: found.position }
    }
  }
}

function* sortedHits(stream: Stream<Hit>, sort: SortField[], keep: number): Stream<Hit> {
  const sorter = new Sorter<Hit>(sort, keep)
  const only = new Set(sort.map(({ parts }) => parts[0] as string))
  for (const hit of stream) {
    if (hit) sorter.add(decodeDocument(hit.bytes, 0, only), hit, hit.bytes.length)
    else yield undefined
  }
  yield* sorter.sorted()
}

export const getMore: Handler = (context, command) => {
  const id = command.get('getMore')
  if (typeof id !== 'bigint') return fail(14, "Field 'getMore' must be of type long in: getMore")
  const namespace = `${context.database}.${String(command.get('collection'))}`
  return context.cursors.next(id, namespace, countOption(command, 'batchSize') || Number.POSITIVE_INFINITY)
}

export const killCursors: Handler = (context, command) => {
  const ids = command.get('cursors')
  if (!Array.isArray(ids)) return fail(14, "Field 'cursors' must be of type array in: killCursors")
  const { killed, missing } = context.cursors.kill(ids.map((id) => (isNumeric(id) && toInteger(id)) || 0n))
  return new Map<string, Value>([
    ['cursorsKilled', killed],
    ['cursorsNotFound', missing],
    ['cursorsAlive', []],
    ['cursorsUnknown', []],
    ['ok', 1],
  ])
}
