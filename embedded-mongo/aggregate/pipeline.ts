import { type Doc, int, type Value } from '../bson/values.ts'
import { fail, failUnknown } from '../errors.ts'
import { type Filter, matches } from '../match/filter.ts'
import { memoryOf } from '../memory.ts'
import type { SortField } from '../sort/sort.ts'
import { sortStream } from '../sort/sorter.ts'
import type { Stream } from '../stream.ts'
import { documentStages, stageOf } from './document-stages.ts'
import type { Clock } from './expression.ts'
import { compileGroup } from './group.ts'
import { lookup, type Read } from './lookup.ts'
import type { Stage } from './stage.ts'
import { matchStage, sortStage, stageCount } from './stage-arguments.ts'
import { unwind } from './unwind.ts'

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
