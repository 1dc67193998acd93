import { toNumber } from '../bson/arithmetic.ts'
import { decimalFromInteger, divideDecimals } from '../bson/decimal.ts'
import { Decimal, type Doc, Int32, isNumeric, type Value } from '../bson/values.ts'
import { fail, failUnknown } from '../errors.ts'
import { Allowance, bounded, memoryOf, stageLimit } from '../memory.ts'
import { textKey } from '../store/value-key.ts'
import { paced, type Stream } from '../stream.ts'
import { type Clock, compileExpression } from './expression.ts'
import { pickExtreme } from './operators.ts'
import type { Evaluate } from './scope.ts'
import type { Stage } from './stage.ts'
import { Total } from './total.ts'

/** Gathers the values of a group and says at the end what they make. */
interface Accumulator {
  /** Says how much more memory is taken now. */
  add(value: Value | undefined): number
  result(): Value | undefined
}

class Sum implements Accumulator {
  readonly total = new Total()
  count = 0
  add(value: Value | undefined) {
    if (!isNumeric(value)) return 0
    this.total.add(value)
    this.count++
    return 0
  }
  result(): Value {
    return this.total.result()
  }
}

class Average extends Sum {
  override result(): Value {
    if (this.count === 0) return null
    const total = this.total.result()
    if (total instanceof Decimal) return divideDecimals(total, decimalFromInteger(BigInt(this.count)))
    return toNumber(total) / this.count
  }
}

const fold =
  (start: Value | undefined, step: (before: Value | undefined, value: Value | undefined) => Value | undefined) =>
  (): Accumulator => {
    let current = start
    return {
      add: (value) => {
        const before = current
        current = step(current, value)
        return current === before ? 0 : memoryOf(current) - memoryOf(before)
      },
      result: () => current,
    }
  }

/** What `counting` makes says how much more memory it takes to keep a value; 0: it is not kept. */
function gather(name: string, counting: () => (value: Value) => number) {
  return (): Accumulator => {
    const list: Value[] = []
    const taken = counting()
    let bytes = 0
    const add = (value: Value | undefined) => {
      const more = value === undefined ? 0 : taken(value)
      if (value === undefined || more === 0) return 0
      list.push(value)
      bytes += more
      const limit = stageLimit()
      if (bytes > limit)
        fail(146, `${name} used too much memory and cannot spill to disk. Memory limit: ${limit} bytes`)
      return more
    }
    return { add, result: () => list }
  }
}

/** What an element of a list takes. */
const elementBytes = (value: Value): number => 8 + memoryOf(value)

/** Of equal values the first is kept. */
function different(): (value: Value) => number {
  const keys = new Set<string>()
  return (value) => {
    const key = textKey(bounded(value))
    if (keys.has(key)) return 0
    keys.add(key)
    return key.length + elementBytes(value)
  }
}

function first(): Accumulator {
  let found: { value: Value } | undefined
  return {
    add: (value) => {
      if (found) return 0
      found = { value: value ?? null }
      return memoryOf(found.value)
    },
    result: () => found?.value ?? null,
  }
}

const accumulators = new Map<string, () => Accumulator>([
  ['$sum', () => new Sum()],
  ['$avg', () => new Average()],
  ['$min', fold(null, (before, value) => pickExtreme([before, value], -1))],
  ['$max', fold(null, (before, value) => pickExtreme([before, value], 1))],
  ['$first', first],
  ['$last', fold(null, (_before, value) => value ?? null)],
  ['$push', gather('$push', () => elementBytes)],
  ['$addToSet', gather('$addToSet', different)],
  ['$count', () => new Sum()],
])

interface Field {
  name: string
  evaluate: Evaluate
  make: () => Accumulator
}

export function compileGroup(specification: Value, clock: Clock): Stage {
  if (!(specification instanceof Map)) return fail(15947, "a group's fields must be specified in an object")
  const id = specification.get('_id')
  if (id === undefined) return fail(15955, 'a group specification must include an _id')
  const groupBy = compileExpression(id, clock)
  const compiled = [...specification]
    .filter(([name]) => name !== '_id')
    .map(([name, value]) => compileField(name, value, clock))
  return (documents) => grouped(documents, groupBy, compiled)
}

function compileField(name: string, value: Value, clock: Clock): Field {
  if (name.includes('.')) fail(40235, `The field name '${name}' cannot contain '.'`)
  if (name.startsWith('$')) fail(40236, `The field name '${name}' cannot be an operator name`)
  if (!(value instanceof Map) || value.size === 0)
    return fail(40234, `The field '${name}' must be an accumulator object`)
  if (value.size !== 1) fail(40238, `The field '${name}' must specify one accumulator`)
  const [operator, operand] = [...value][0] as [string, Value]
  const make = accumulators.get(operator) ?? failUnknown(15952, `unknown group operator '${operator}'`)
  if (operator === '$count' && !(operand instanceof Map && operand.size === 0))
    fail(9, '$count takes no arguments, i.e. $count:{}')
  return { name, make, evaluate: operator === '$count' ? () => new Int32(1) : compileExpression(operand, clock) }
}

type Group = { id: Value; accumulators: Accumulator[] }

/** What a group takes beside its id and what its accumulators gather. */
const groupBytes = 300
const accumulatorBytes = 100

function* grouped(documents: Stream<Doc>, groupBy: Evaluate, compiled: Field[]): Stream<Doc> {
  const groups = new Map<string, Group>()
  const held = new Allowance(292, (limit) => `Exceeded memory limit for $group (${limit} bytes); match or project less`)
  try {
    for (const document of documents) {
      if (document) held.add(addTo(groups, document, groupBy, compiled))
      else yield undefined
      held.check()
    }
    for (const group of paced(groups.values())) {
      yield group &&
        new Map<string, Value>([
          ['_id', group.id],
          ...compiled.map(({ name }, at): [string, Value] => [name, group.accumulators[at]?.result() ?? null]),
        ])
    }
  } finally {
    held.free()
  }
}

/** Says how much more memory is taken now. */
function addTo(groups: Map<string, Group>, root: Doc, groupBy: Evaluate, compiled: Field[]): number {
  const scope = { root }
  const id = bounded(groupBy(scope) ?? null)
  const key = textKey(id)
  let more = 0
  let group = groups.get(key)
  if (!group) {
    group = { id, accumulators: compiled.map(({ make }) => make()) }
    groups.set(key, group)
    more = groupBytes + key.length + memoryOf(id) + compiled.length * accumulatorBytes
  }
  for (let at = 0; at < compiled.length; at++)
    more += (group.accumulators[at] as Accumulator).add((compiled[at] as Field).evaluate(scope))
  return more
}
