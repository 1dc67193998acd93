import type { Clock } from '../aggregate/expression.ts'
import { toInteger, toNumber } from '../bson/arithmetic.ts'
import { compare, equal } from '../bson/compare.ts'
import { type Doc, isNumeric, Regex, typeName, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { matches } from '../match/filter.ts'
import { isOperators } from '../match/operators.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { compareSortKeys, parseSort, sortKey } from '../sort/sort.ts'
import { textKey } from '../store/value-key.ts'
import type { OperatorParser } from './field-operators.ts'

const arrayAt = (current: Value, op: string, path: string): Value[] =>
  Array.isArray(current)
    ? current
    : fail(2, `The field '${path}' must be an array but is of type ${typeName(current)} (${op})`)

interface PushPlan {
  each: Value[]
  position: number | undefined
  slice: number | undefined
  sort: ((a: Value, b: Value) => number) | undefined
}

const push: OperatorParser = (operand, _clock, path) => {
  const plan =
    operand instanceof Map && operand.has('$each')
      ? parsePush(operand)
      : { each: [operand], position: undefined, slice: undefined, sort: undefined }
  return {
    name: '$push',
    apply: (current) => pushed(current === undefined ? [] : arrayAt(current, '$push', path), plan),
  }
}

function parsePush(operand: Doc): PushPlan {
  for (const name of operand.keys()) {
    if (!['$each', '$position', '$slice', '$sort'].includes(name)) fail(2, `Unrecognized clause in $push: ${name}`)
  }
  const each = operand.get('$each') as Value
  if (!Array.isArray(each))
    return fail(2, `The argument to $each in $push must be an array but it was of type: ${typeName(each)}`)
  const sort = operand.get('$sort')
  return {
    each,
    position: whole(operand, '$position'),
    slice: whole(operand, '$slice'),
    sort: sort === undefined ? undefined : parsePushSort(sort),
  }
}

function whole(operand: Doc, name: string): number | undefined {
  const value = operand.get(name)
  if (value === undefined) return undefined
  const integer = isNumeric(value) ? toInteger(value) : undefined
  return Number(
    integer ?? fail(2, `The value for ${name} must be an integer value but was given type: ${typeName(value)}`),
  )
}

function parsePushSort(sort: Value): (a: Value, b: Value) => number {
  if (isNumeric(sort)) {
    const sign = toNumber(sort)
    if (sign !== 1 && sign !== -1) fail(2, 'The $sort element value must be either 1 or -1')
    return (a, b) => compare(a, b) * sign
  }
  if (!(sort instanceof Map))
    return fail(2, 'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields')
  if (sort.size === 0) fail(2, 'The $sort pattern is empty when it should be a set of fields.')
  for (const direction of sort.values())
    if (!isNumeric(direction) || Math.abs(toNumber(direction)) !== 1)
      fail(2, 'The $sort element value must be either 1 or -1')
  const fields = parseSort(sort)
  const key = (value: Value) => sortKey(value instanceof Map ? value : new Map(), fields)
  return (a, b) => compareSortKeys(key(a), key(b), fields)
}

function pushed(current: Value[], { each, position, slice, sort }: PushPlan): Value[] {
  const at = position ?? current.length
  const result = [...current.slice(0, at), ...each, ...current.slice(at)]
  if (sort) result.sort(sort)
  if (slice === undefined) return result
  return slice === 0 ? [] : slice < 0 ? result.slice(slice) : result.slice(0, slice)
}

const addToSet: OperatorParser = (operand, _clock, path) => {
  const each = operand instanceof Map && operand.has('$each') ? operand.get('$each') : [operand]
  if (!Array.isArray(each))
    return fail(14, `The argument to $each in $addToSet must be an array but it was of type ${typeName(each as Value)}`)
  if (operand instanceof Map && operand.has('$each') && operand.size > 1)
    fail(2, 'Found unexpected fields after $each in $addToSet')
  return {
    name: '$addToSet',
    apply: (current) => {
      const result = current === undefined ? [] : [...arrayAt(current, '$addToSet', path)]
      const known = new Set(result.map(textKey))
      for (const value of each) {
        const key = textKey(value)
        if (known.has(key)) continue
        known.add(key)
        result.push(value)
      }
      return result
    },
  }
}

const pop: OperatorParser = (operand, _clock, path) => {
  const end = isNumeric(operand) ? toNumber(operand) : fail(9, `Expected a number in: ${path}`)
  if (end !== 1 && end !== -1) fail(9, `$pop expects 1 or -1, found: ${end}`)
  return {
    name: '$pop',
    creates: false,
    apply: (current) => {
      const array = current as Value
      if (!Array.isArray(array))
        return fail(14, `Path '${path}' contains an element of non-array type '${typeName(array)}'`)
      return end === 1 ? array.slice(0, -1) : array.slice(1)
    },
  }
}

const pull: OperatorParser = (operand, clock, path) => {
  const goes = pullTest(operand, clock)
  return {
    name: '$pull',
    creates: false,
    apply: (current) => {
      if (!Array.isArray(current)) return fail(2, `Cannot apply $pull to a non-array value at '${path}'`)
      return current.filter((element) => !goes(element))
    },
  }
}

/** Operators and patterns look at an element as at a field: an array in its place is opened. */
function pullTest(operand: Value, clock: Clock): (element: Value) => boolean {
  const first = operand instanceof Map ? operand.keys().next().value : undefined
  if (operand instanceof Map && (!isOperators(operand) || ['$and', '$or', '$nor', '$expr'].includes(first ?? ''))) {
    const filter = parseFilter(operand, clock)
    return (element) => element instanceof Map && matches(filter, element)
  }
  if (!(operand instanceof Map || operand instanceof Regex)) return (element) => equal(element, operand)
  const filter = parseFilter(new Map([['', operand]]), clock)
  return (element) => matches(filter, new Map([['', element]]))
}

const pullAll: OperatorParser = (operand, _clock, path) => {
  if (!Array.isArray(operand))
    return fail(2, `$pullAll requires an array argument but was given a ${typeName(operand)}`)
  const gone = new Set(operand.map(textKey))
  return {
    name: '$pullAll',
    creates: false,
    apply: (current) => {
      if (!Array.isArray(current)) return fail(2, `Cannot apply $pullAll to a non-array value at '${path}'`)
      return current.filter((element) => !gone.has(textKey(element)))
    },
  }
}

export const arrayOperators: [string, OperatorParser][] = [
  ['$push', push],
  ['$addToSet', addToSet],
  ['$pop', pop],
  ['$pull', pull],
  ['$pullAll', pullAll],
]
