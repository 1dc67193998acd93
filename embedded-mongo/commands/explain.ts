import type { Encodable } from '../bson/encode.ts'
import { type Doc, int, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { idIndex } from '../planner/hint.ts'
import { choosePlan } from '../planner/plan.ts'
import type { Collection } from '../store/collection.ts'
import { splitOff } from './aggregate.ts'
import { checkFields } from './command-fields.ts'
import { arrayOption, type Context, collectionName, fields, type Handler, ok } from './context.ts'
import { hits, parseQuery, type Query } from './find.ts'

const verbosities: readonly Value[] = ['queryPlanner', 'executionStats', 'allPlansExecution']

/** Says which index a find, count, distinct, aggregate, update or delete would go by, and what it would look at. */
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

function queryOf(name: string, inner: Doc): Doc {
  const statement = name === 'update' ? inner.get('updates') : name === 'delete' ? inner.get('deletes') : undefined
  if (Array.isArray(statement)) return new Map<string, Value>([['filter', (statement[0] as Doc).get('q') as Value]])
  if (name === 'find') return inner
  if (name === 'count' || name === 'distinct' || name === 'findAndModify') {
    return new Map<string, Value>([
      ['filter', inner.get('query') ?? new Map()],
      ['sort', inner.get('sort') ?? new Map()],
    ])
  }
  return fail(115, `explain of ${name} is not supported by the embedded store`)
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
