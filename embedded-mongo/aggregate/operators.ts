import { toInteger } from '../bson/arithmetic.ts'
import { compare, equal } from '../bson/compare.ts'
import { Int32, int, typeName, undefinedValue, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { largestDocument } from '../limits.ts'
import { convertToString, divide, product, subtract, sum } from './arithmetic-operators.ts'
import { addDate } from './date-add.ts'
import { type Evaluate, isNullish, type Scope, truthy } from './scope.ts'

export type Compile = (expression: Value) => Evaluate
type Operator = (operand: Value, compile: Compile, name: string) => Evaluate

/** A single argument may stand without its array. */
const argumentsOf = (operand: Value): Value[] => (Array.isArray(operand) ? operand : [operand])

/** An operator of a fixed number of arguments. */
function fixed(count: number, apply: (...values: (Value | undefined)[]) => Value | undefined): Operator {
  return (operand, compile, name) => {
    const list = argumentsOf(operand)
    if (list.length !== count) {
      fail(16020, `Expression ${name} takes exactly ${count} arguments. ${list.length} were passed in.`)
    }
    const [first, second] = list.map(compile) as [Evaluate, Evaluate]
    return count === 1 ? (scope) => apply(first(scope)) : (scope) => apply(first(scope), second(scope))
  }
}

type Values = Iterable<Value | undefined>

/**
 * An operator of any number of arguments: they are evaluated as they are asked for, and none behind the one that
 * decides.
 */
function variadic(apply: (values: Values) => Value | undefined): Operator {
  return (operand, compile) => {
    const list = argumentsOf(operand).map(compile)
    return (scope) => apply(evaluated(list, scope))
  }
}

function* evaluated(list: Evaluate[], scope: Scope): Generator<Value | undefined, void, void> {
  for (const each of list) yield each(scope)
}

/** Missing sorts below everything but MinKey here, as undefined does. */
const compareMissing = (a: Value | undefined, b: Value | undefined): number =>
  compare(a ?? (a === null ? null : undefinedValue), b ?? (b === null ? null : undefinedValue))

const comparing = (holds: (difference: number) => boolean) => fixed(2, (a, b) => holds(compareMissing(a, b)))

const conditional: Operator = (operand, compile) => {
  const parts =
    operand instanceof Map ? [operand.get('if'), operand.get('then'), operand.get('else')] : argumentsOf(operand)
  if (operand instanceof Map) {
    for (const name of operand.keys())
      if (!['if', 'then', 'else'].includes(name)) fail(17083, `Unrecognized parameter to $cond: ${name}`)
  }
  if (parts.length !== 3) fail(16020, `Expression $cond takes exactly 3 arguments. ${parts.length} were passed in.`)
  const [test, yes, no] = parts.map((each, at) =>
    compile(
      each ?? (each === null ? null : fail(17080 + at, `Missing '${['if', 'then', 'else'][at]}' parameter to $cond`)),
    ),
  ) as [Evaluate, Evaluate, Evaluate]
  return (scope) => (truthy(test(scope)) ? yes(scope) : no(scope))
}

const switchOperator: Operator = (operand, compile) => {
  if (!(operand instanceof Map)) return fail(40060, '$switch requires an object as an argument')
  for (const name of operand.keys())
    if (name !== 'branches' && name !== 'default') fail(40067, `$switch found an unknown argument: ${name}`)
  const branches = operand.get('branches') ?? []
  if (!Array.isArray(branches)) return fail(40061, "$switch expected an array for 'branches'")
  if (branches.length === 0) fail(40068, '$switch requires at least one branch.')
  const compiled = branches.map((branch) => {
    if (!(branch instanceof Map)) return fail(40062, '$switch expected each branch to be an object')
    const test = branch.has('case')
      ? (branch.get('case') as Value)
      : fail(40064, "$switch requires each branch have a 'case' expression")
    const then = branch.has('then')
      ? (branch.get('then') as Value)
      : fail(40065, "$switch requires each branch have a 'then' expression.")
    return { test: compile(test), result: compile(then) }
  })
  const fallback = operand.get('default')
  const otherwise = fallback === undefined ? undefined : compile(fallback)
  return (scope) => {
    const chosen = compiled.find(({ test }) => truthy(test(scope)))
    if (chosen) return chosen.result(scope)
    return otherwise
      ? otherwise(scope)
      : fail(40066, '$switch could not find a matching branch for an input, and no default was specified.')
  }
}

const ifNull: Operator = (operand, compile, name) =>
  Array.isArray(operand) && operand.length > 1
    ? variadic(firstPresent)(operand, compile, name)
    : fail(1257300, '$ifNull needs at least two arguments')

function firstPresent(values: Values): Value | undefined {
  let last: Value | undefined
  for (const value of values) {
    last = value
    if (!isNullish(value)) break
  }
  return last
}

function everyTrue(values: Values): boolean {
  for (const value of values) if (!truthy(value)) return false
  return true
}

function someTrue(values: Values): boolean {
  for (const value of values) if (truthy(value)) return true
  return false
}

/** A single array stands for its elements. */
function elementsOf(values: Values): (Value | undefined)[] {
  const given = [...values]
  return given.length === 1 && Array.isArray(given[0]) ? given[0] : given
}

export function pickExtreme(values: (Value | undefined)[], sign: number): Value {
  let best: Value | undefined
  for (const value of values) {
    if (!isNullish(value) && (best === undefined || compare(value, best) * sign > 0)) best = value
  }
  return best ?? null
}

/** No document has room for more bytes, or for so many elements. */
function refuseLonger(name: string, length: number): void {
  if (length > largestDocument) fail(10334, `${name} makes more than a document can hold`)
}

function concat(values: Values): Value {
  let result = ''
  for (const value of values) {
    if (isNullish(value)) return null
    if (typeof value !== 'string') return fail(16702, `$concat only supports strings, not ${typeName(value)}`)
    refuseLonger('$concat', result.length + value.length)
    result += value
  }
  return result
}

function concatArrays(values: Values): Value {
  const result: Value[] = []
  for (const value of values) {
    if (isNullish(value)) return null
    if (!Array.isArray(value)) return fail(28664, `$concatArrays only supports arrays, not ${typeName(value)}`)
    refuseLonger('$concatArrays', result.length + value.length)
    for (const element of value) result.push(element)
  }
  return result
}

function mergeObjects(values: Values): Value {
  const result = new Map<string, Value>()
  for (const value of elementsOf(values)) {
    if (isNullish(value)) continue
    if (!(value instanceof Map))
      return fail(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`)
    for (const [name, field] of value) result.set(name, field)
  }
  return result
}

function elementAt(array: Value | undefined, at: Value | undefined): Value | undefined {
  if (isNullish(array) || isNullish(at)) return null
  if (!Array.isArray(array))
    return fail(28689, `$arrayElemAt's first argument must be an array, but is ${typeName(array)}`)
  const index = Number(
    toInteger(at) ?? fail(28690, "$arrayElemAt's second argument must be representable as a 32-bit integer"),
  )
  return array.at(index)
}

export const expressionOperators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$eq', comparing((difference) => difference === 0)],
  ['$ne', comparing((difference) => difference !== 0)],
  ['$gt', comparing((difference) => difference > 0)],
  ['$gte', comparing((difference) => difference >= 0)],
  ['$lt', comparing((difference) => difference < 0)],
  ['$lte', comparing((difference) => difference <= 0)],
  ['$cmp', fixed(2, (a, b) => int(Math.sign(compareMissing(a, b))))],
  ['$and', variadic(everyTrue)],
  ['$or', variadic(someTrue)],
  ['$not', fixed(1, (value) => !truthy(value))],
  ['$cond', conditional],
  ['$switch', switchOperator],
  ['$ifNull', ifNull],
  ['$add', variadic(sum)],
  ['$multiply', variadic(product)],
  ['$subtract', fixed(2, subtract)],
  ['$divide', fixed(2, divide)],
  ['$min', variadic((values) => pickExtreme(elementsOf(values), -1))],
  ['$max', variadic((values) => pickExtreme(elementsOf(values), 1))],
  ['$concat', variadic(concat)],
  ['$toString', fixed(1, convertToString)],
  ['$concatArrays', variadic(concatArrays)],
  ['$mergeObjects', variadic(mergeObjects)],
  ['$arrayElemAt', fixed(2, elementAt)],
  ['$type', fixed(1, (value) => (value === undefined ? 'missing' : typeName(value)))],
  ['$isArray', fixed(1, (value) => Array.isArray(value))],
  [
    '$size',
    fixed(1, (value) =>
      Array.isArray(value)
        ? new Int32(value.length)
        : fail(
            17124,
            `The argument to $size must be an array, but was of type: ${value === undefined ? 'missing' : typeName(value)}`,
          ),
    ),
  ],
  [
    '$in',
    fixed(2, (value, array) => {
      if (!Array.isArray(array))
        return fail(
          40081,
          `$in requires an array as a second argument, found: ${array === undefined ? 'missing' : typeName(array)}`,
        )
      return array.some((each) => equal(each, value ?? (value === null ? null : undefinedValue)))
    }),
  ],
  ['$dateAdd', addDate],
])
