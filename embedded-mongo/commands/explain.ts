import type { Encodable } from '../bson/encode.ts'
import type { Doc, Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { idIndex } from '../planner/hint.ts'
import { choosePlan } from '../planner/plan.ts'
import { checkFields } from './command-fields.ts'
import { collectionName, fields, type Handler, ok } from './context.ts'
import { parseQuery } from './find.ts'

/** Says which index a find, count, distinct, update or delete would go by. */
export const explain: Handler = (context, command) => {
  const inner = command.get('explain')
  if (!(inner instanceof Map)) return fail(14, "BSON field 'explain' must be an object")
  checkFields(inner.keys().next().value ?? '', inner)
  const query = parseQuery(queryOf(inner), context.clock)
  const collection = context.catalog.find(context.database, collectionName(inner))
  const winningPlan = collection
    ? describe(choosePlan(collection, query.filter, query.sort, query.hint))
    : fields({ stage: 'EOF' })
  const namespace = `${context.database}.${collectionName(inner)}`
  return ok({ explainVersion: '1', queryPlanner: fields({ namespace, winningPlan, rejectedPlans: [] }) })
}

function queryOf(inner: Doc): Doc {
  const name = inner.keys().next().value
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
