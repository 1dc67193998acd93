import { stageOf } from '../aggregate/document-stages.ts'
import { fieldReferences } from '../aggregate/field-references.ts'
import { compilePipeline } from '../aggregate/pipeline.ts'
import { matchStage, sortStage, stageCount } from '../aggregate/stage-arguments.ts'
import { decodeDocument } from '../bson/decode.ts'
import type { Doc, Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { Filter } from '../match/filter.ts'
import type { Collection } from '../store/collection.ts'
import type { Stream } from '../stream.ts'
import {
  arrayOption,
  type Context,
  collectionName,
  collectionOf,
  countOption,
  documentOption,
  type Handler,
} from './context.ts'
import { encodeResult, firstBatch, hits, type Query, results } from './find.ts'

const mostStages = 1000

export const aggregate: Handler = (context, command) => {
  const name = command.values().next().value
  if (typeof name !== 'string')
    return fail(115, 'aggregations without a collection are not supported by the embedded store')
  const cursor =
    documentOption(command, 'cursor') ??
    fail(9, "The 'cursor' option is required, except for aggregate with the explain argument")
  const pipeline = arrayOption(command, 'pipeline')
  if (pipeline.length > mostStages) fail(7749501, `Pipeline length must be no longer than ${mostStages} stages.`)
  const { query, rest } = splitOff(pipeline, context, command)
  const stages = compilePipeline(rest, context.clock, (from) => readAll(context, from))
  const collection = collectionOf(context, command)
  const stream =
    rest.length === 0
      ? results(context, collection, query)
      : encodedResults(stages(decodedHits(context, collection, query, fieldsReadBy(rest))))
  return context.cursors.first(`${context.database}.${collectionName(command)}`, stream, {
    batchSize: countOption(cursor, 'batchSize') ?? firstBatch,
    single: false,
    deadline: context.deadline,
  })
}

/** The stages at the beginning that the planner can do: `$match`, then `$sort`, `$skip` and `$limit` in this order. */
export function splitOff(pipeline: Value[], context: Context, command: Doc): { query: Query; rest: Value[] } {
  const query: Query = {
    filter: { kind: 'and', children: [] },
    sort: [],
    skip: 0,
    limit: Number.POSITIVE_INFINITY,
    hint: command.get('hint'),
  }
  let taken = 0
  for (const wanted of ['$match', '$sort', '$skip', '$limit']) {
    const stage = pipeline[taken]
    if (stage === undefined) break
    const [name, value] = stageOf(stage)
    if (name !== wanted) continue
    if (name === '$match') query.filter = matchStage(value, context.clock)
    else if (name === '$sort') query.sort = sortStage(value)
    else if (name === '$skip') query.skip = stageCount(name, value)
    else query.limit = stageCount(name, value)
    taken++
  }
  return { query, rest: pipeline.slice(taken) }
}

/** A pipeline that goes on with a group or a count reads no more of a document than that names. */
function fieldsReadBy([stage]: Value[]): ReadonlySet<string> | undefined {
  if (stage === undefined) return undefined
  const [name, specification] = stageOf(stage)
  return name === '$group' ? fieldReferences(specification) : name === '$count' ? new Set() : undefined
}

function* decodedHits(
  context: Context,
  collection: Collection | undefined,
  query: Query,
  only?: ReadonlySet<string>,
): Stream<Doc> {
  if (!collection) return
  if (only?.size === 0) {
    for (const hit of hits(context.kv, collection, { ...query, countOnly: true })) yield hit && new Map()
  } else for (const hit of hits(context.kv, collection, query)) yield hit && decodeDocument(hit.bytes, 0, only)
}

function* encodedResults(documents: Stream<Doc>): Stream<Buffer> {
  for (const document of documents) yield document && encodeResult(document)
}

function readAll(context: Context, from: string) {
  const find = () => context.catalog.find(context.database, from)
  const atFirst = find()
  return (filter: Filter) => {
    const collection = find()
    if (atFirst && collection?.id !== atFirst.id) fail(175, `collection dropped: ${atFirst.namespace}`)
    return decodedHits(context, collection, { filter, sort: [], skip: 0, limit: Number.POSITIVE_INFINITY })
  }
}
