import type { Encodable } from '../bson/encode.ts'
import { type Doc, int, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { choosePlan } from '../planner/plan.ts'
import { type Collection, idIndex } from '../store/collection.ts'
import { splitOff } from './aggregate.ts'
import { checkFields } from './command-fields.ts'
import { arrayOption, type Context, collectionName, fields, flag, type Handler, ok } from './context.ts'
import { hits, parseQuery, type Query } from './find.ts'

const verbosities: readonly Value[] = ['queryPlanner', 'executionStats', 'allPlansExecution']

/**
 * Says which index a find, count, distinct, aggregate, update, delete or findAndModify would go by, and what it would
 * look at.
 */
export const explain: Handler = function* (context, command) {
  const inner = command.get('explain')
  if (!(inner instanceof Map)) return fail(14, "BSON field 'explain' must be an object")
  const verbosity = command.get('verbosity') ?? 'allPlansExecution'
  if (!verbosities.includes(verbosity))
    fail(9, "verbosity string must be one of {'queryPlanner', 'executionStats', 'allPlansExecution'}")
  const name = inner.keys().next().value ?? ''
  checkFields(name, inner)
  const { query, rest } =
    name === 'aggregate'
      ? splitOff(arrayOption(inner, 'pipeline'), context, inner)
      : { query: parseQuery(queryOf(name, inner), context.clock), rest: [] }
  const collection = context.catalog.find(context.database, collectionName(inner))
  const winningPlan = collection
    ? describe(choosePlan(collection, query.filter, query.sort, query.hint))
    : fields({ stage: 'EOF' })
  const namespace = `${context.database}.${collectionName(inner)}`
  const told: Record<string, Encodable> = { queryPlanner: fields({ namespace, winningPlan, rejectedPlans: [] }) }
  if (verbosity !== 'queryPlanner') told.executionStats = yield* executed(context, collection, query)
  const stages = [fields({ $cursor: fields(told) }), ...rest]
  return ok({ explainVersion: '1', ...(rest.length > 0 ? { stages } : told) })
}

/** Reads what the command would read. */
function* executed(
  { kv }: Context,
  collection: Collection | undefined,
  query: Query,
): Generator<undefined, Encodable, void> {
  const examined = { documents: 0 }
  const start = performance.now()
  let found = 0
  for (const hit of collection ? hits(kv, collection, { ...query, examined }) : []) {
    if (hit) found++
    else yield undefined
  }
  return fields({
    executionSuccess: true,
    nReturned: int(found),
    executionTimeMillis: int(Math.round(performance.now() - start)),
    totalDocsExamined: int(examined.documents),
  })
}

/** As a find what another command would look for. */
function queryOf(name: string, inner: Doc): Doc {
  switch (name) {
    case 'find':
      return inner
    case 'count':
    case 'distinct':
      return asFind(inner, inner.get('query'), ['hint', 'skip', 'limit'])
    case 'findAndModify':
      return asFind(inner, inner.get('query'), ['hint', 'sort']).set('limit', int(1))
    case 'update':
    case 'delete': {
      const statements = arrayOption(inner, `${name}s`)
      if (statements.length !== 1) return fail(16, 'explained write batches must be of size 1')
      const [statement] = statements as [Doc]
      const all = name === 'update' ? flag(statement, 'multi') : !flag(statement, 'limit')
      return asFind(statement, statement.get('q'), ['hint', 'sort']).set('limit', int(all ? 0 : 1))
    }
    default:
      return fail(115, `explain of ${name} is not supported by the embedded store`)
  }
}

function asFind(from: Doc, filter: Value | undefined, options: readonly string[]): Doc {
  const given = options.flatMap((option): [string, Value][] => {
    const value = from.get(option)
    return value === undefined ? [] : [[option, value]]
  })
  return new Map<string, Value>([['filter', filter ?? new Map()], ...given])
}

function describe({ steps, sorted, reverse }: ReturnType<typeof choosePlan>): Encodable {
  const inputs = steps.map(({ index, ranges }) =>
    index === idIndex && ranges.length === 1 && ranges[0]?.from.length === 6
      ? fields({ stage: 'COLLSCAN', direction: reverse ? 'backward' : 'forward' })
      : fields({
          stage: 'IXSCAN',
          indexName: index.name,
          isMultiKey: index.multikey,
          direction: reverse ? 'backward' : 'forward',
        }),
  )
  const input = inputs.length > 1 ? fields({ stage: 'OR', inputStages: inputs }) : (inputs[0] as Encodable)
  return sorted ? input : fields({ stage: 'SORT', inputStage: input })
}
