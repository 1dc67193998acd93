import { type Doc, int, typeName, type Value } from '../bson/values.ts'
import { fail, failUnknown } from '../errors.ts'
import { type Filter, matches } from '../match/filter.ts'
import { comparison } from '../match/operators.ts'
import { valuesAlong } from '../match/walk.ts'
import { memoryOf, stageLimit } from '../memory.ts'
import type { SortField } from '../sort/sort.ts'
import { sortStream } from '../sort/sorter.ts'
import type { Stream } from '../stream.ts'
import { documentStages, stageOf } from './document-stages.ts'
import type { Clock } from './expression.ts'
import { fieldPath } from './field-path.ts'
import { compileGroup } from './group.ts'
import { matchStage, sortStage, stageCount } from './stage-arguments.ts'

export type Stage = (documents: Stream<Doc>) => Stream<Doc>
/** Reads another collection by a filter, for `$lookup`. */
export type Read = (collection: string) => (filter: Filter) => Stream<Doc>

export function compilePipeline(pipeline: Value[], clock: Clock, read: Read): Stage {
  const named = pipeline.map(stageOf)
  const stages = named.map(([name, specification], at) =>
    name === '$sort'
      ? sorted(sortStage(specification), keptOf(named.slice(at + 1)))
      : compileStage(name, specification, clock, read),
  )
  return (documents) => stages.reduce((stream, stage) => stage(stream), documents)
}

function compileStage(name: string, specification: Value, clock: Clock, read: Read): Stage {
  const transform = documentStages.get(name)?.(specification, clock)
  if (transform) return (documents) => mapped(documents, transform)
  switch (name) {
    case '$match': {
      const filter = matchStage(specification, clock)
      return (documents) => filtered(documents, filter)
    }
    case '$skip': {
      const count = stageCount(name, specification)
      return (documents) => sliced(documents, count, Number.POSITIVE_INFINITY)
    }
    case '$limit': {
      const count = stageCount(name, specification)
      return (documents) => sliced(documents, 0, count)
    }
    case '$count':
      return counted(specification)
    case '$unwind':
      return unwind(specification)
    case '$lookup':
      return lookup(specification, read)
    case '$group':
      return compileGroup(specification, clock)
    default:
      return failUnknown(40324, `Unrecognized pipeline stage name: '${name}'`)
  }
}

function* mapped(documents: Stream<Doc>, transform: (document: Doc) => Doc): Stream<Doc> {
  for (const document of documents) yield document && transform(document)
}

function* filtered(documents: Stream<Doc>, filter: Filter): Stream<Doc> {
  for (const document of documents) if (!document || matches(filter, document)) yield document
}

function sorted(sort: SortField[], keep: number): Stage {
  const measure = (document: Doc): [Doc, number] => [document, memoryOf(document)]
  return (documents) => sortStream(documents, { sort, keep, measure })
}

/** How many of what is sorted the stages after it let through: then no more are held. */
function keptOf([first, second]: [string, Value][]): number {
  if (first?.[0] === '$limit') return stageCount(...first)
  if (first?.[0] !== '$skip' || second?.[0] !== '$limit') return Number.POSITIVE_INFINITY
  return stageCount(...first) + stageCount(...second)
}

function* sliced(documents: Stream<Doc>, skip: number, limit: number): Stream<Doc> {
  let seen = 0
  for (const document of documents) {
    if (!document) yield undefined
    else if (seen++ >= skip) yield document
    if (seen >= skip + limit) return
  }
}

function counted(name: Value): Stage {
  if (typeof name !== 'string' || name === '') return fail(40156, 'the count field must be a non-empty string')
  if (name.startsWith('$')) fail(40158, 'the count field cannot be a $-prefixed path')
  if (name.includes('.')) fail(40160, "the count field cannot contain '.'")
  return function* (documents) {
    let count = 0
    for (const document of documents) {
      if (document) count++
      else yield undefined
    }
    if (count > 0) yield new Map([[name, int(count)]])
  }
}

function unwind(specification: Value): Stage {
  if (!(specification instanceof Map) && typeof specification !== 'string')
    fail(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeName(specification)}`,
    )
  const options = specification instanceof Map ? specification : new Map<string, Value>([['path', specification]])
  for (const name of options.keys()) {
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(name))
      fail(28811, `unrecognized option to $unwind stage: ${name}`)
  }
  const path = options.get('path') ?? fail(28812, 'no path specified to $unwind stage')
  if (typeof path !== 'string') return fail(28808, 'expected a string as the path for $unwind stage')
  if (!path.startsWith('$')) fail(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`)
  const indexName = options.get('includeArrayIndex')
  if (indexName !== undefined && (typeof indexName !== 'string' || indexName === ''))
    return fail(28810, 'expected a non-empty string for the includeArrayIndex  option to $unwind stage')
  if (indexName?.startsWith('$'))
    fail(28822, `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${indexName}`)
  if (indexName?.includes('.')) fail(115, 'includeArrayIndex with a dotted path is not supported by the embedded store')
  const keep = options.get('preserveNullAndEmptyArrays') ?? false
  if (typeof keep !== 'boolean')
    return fail(28809, 'expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage')
  const parts = fieldPath(path.slice(1))
  return function* (documents) {
    for (const document of documents) {
      if (!document) yield undefined
      else yield* unwound(document, parts, keep, indexName)
    }
  }
}

function* unwound(document: Doc, parts: string[], keep: boolean, indexName: string | undefined): Stream<Doc> {
  const value = fieldAt(document, parts)
  const put = (made: Doc, at: Value) => (indexName === undefined ? made : new Map(made).set(indexName, at))
  if (!Array.isArray(value)) {
    if ((value !== undefined && value !== null) || keep) yield put(document, null)
  } else if (value.length > 0) {
    for (const [at, element] of value.entries()) yield put(replaced(document, parts, element), BigInt(at))
  } else if (keep) yield put(replaced(document, parts, undefined), null)
}

const fieldAt = (document: Doc, parts: string[]): Value | undefined =>
  parts.reduce<Value | undefined>((value, part) => (value instanceof Map ? value.get(part) : undefined), document)

function replaced(document: Doc, [part, ...rest]: string[], value: Value | undefined): Doc {
  const name = part as string
  const result = new Map(document)
  const made = rest.length === 0 ? value : replaced(result.get(name) as Doc, rest, value)
  if (made === undefined) result.delete(name)
  else result.set(name, made)
  return result
}

function lookup(specification: Value, read: Read): Stage {
  if (!(specification instanceof Map)) return fail(9, 'the $lookup specification must be an Object')
  for (const name of specification.keys()) {
    if (!['from', 'localField', 'foreignField', 'as'].includes(name))
      fail(115, `$lookup with '${name}' is not supported by the embedded store`)
  }
  const text = (name: string): string => {
    const value = specification.get(name)
    return typeof value === 'string' && value !== ''
      ? value
      : fail(9, `$lookup argument '${name}' must be a non-empty string`)
  }
  const [name, local, foreign, as] = [
    text('from'),
    fieldPath(text('localField')),
    fieldPath(text('foreignField')).join('.'),
    fieldPath(text('as')),
  ]
  const from = read(name)
  const tooMuch = `Total size of documents in ${name} matching pipeline's $lookup stage`
  return function* (documents) {
    for (const document of documents) {
      if (!document) {
        yield undefined
        continue
      }
      const found: Doc[] = []
      let bytes = 0
      for (const other of from(equalTo(foreign, localValues(document, local)))) {
        if (!other) {
          yield undefined
          continue
        }
        found.push(other)
        bytes += memoryOf(other)
        if (bytes > stageLimit()) fail(4568, `${tooMuch} exceeds ${stageLimit()} bytes`)
      }
      yield replacedOrMade(document, as, found)
      // Each document reads anew.
      yield undefined
    }
  }
}

/** Where there is no value, null is looked for. */
function localValues(document: Doc, parts: string[]): Value[] {
  const found: Value[] = []
  valuesAlong(document, parts, (value) => found.push(value))
  return found.length > 0 ? found : [null]
}

function equalTo(path: string, values: Value[]): Filter {
  const parts = path.split('.')
  const children = values.map(
    (operand): Filter => ({
      kind: 'leaf',
      path,
      parts,
      op: '$eq',
      operand,
      open: true,
      test: comparison('$eq', operand),
    }),
  )
  return children.length === 1 ? (children[0] as Filter) : { kind: 'or', children }
}

function replacedOrMade(document: Doc, [part, ...rest]: string[], value: Value): Doc {
  const inner = document.get(part as string)
  return new Map(document).set(
    part as string,
    rest.length === 0 ? value : replacedOrMade(inner instanceof Map ? inner : new Map(), rest, value),
  )
}
