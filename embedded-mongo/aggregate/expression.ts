import type { DateTime, Doc, Value } from '../bson/values.ts'
import { fail, failUnknown } from '../errors.ts'
import { fieldPath } from './field-path.ts'
import { type Compile, expressionOperators } from './operators.ts'
import type { Evaluate } from './scope.ts'

/** What a command may refer to: the moment it runs at, the same for all its documents. */
export interface Clock {
  now: DateTime
}

const constants = new WeakSet<Evaluate>()
const nothing = { root: new Map() }

function constant(value: Value | undefined): Evaluate {
  const evaluate = () => value
  constants.add(evaluate)
  return evaluate
}

/**
 * Reads an expression once; the function it gives is then evaluated on each document. What reads no document is
 * evaluated now, so that its errors come even where there is none.
 */
export function compileExpression(expression: Value, clock: Clock): Evaluate {
  let reads = false
  const compiled = compile(expression, clock, (inner) => {
    const evaluate = compileExpression(inner, clock)
    reads ||= !constants.has(evaluate)
    return evaluate
  })
  const isPath = typeof expression === 'string' && expression.startsWith('$')
  return isPath || reads ? compiled : constant(compiled(nothing))
}

function compile(expression: Value, clock: Clock, inner: Compile): Evaluate {
  if (typeof expression === 'string' && expression.startsWith('$')) return compilePath(expression, clock)
  if (Array.isArray(expression)) {
    const elements = expression.map(inner)
    return (scope) => elements.map((each) => each(scope) ?? null)
  }
  if (!(expression instanceof Map)) return () => expression
  const name = expression.keys().next().value
  if (!name?.startsWith('$')) return compileDocument(expression, inner)
  if (expression.size > 1) fail(15983, 'An object representing an expression must have exactly one field')
  const operand = expression.get(name) as Value
  if (name === '$literal') return () => operand
  const operator = expressionOperators.get(name) ?? failUnknown(168, `Unrecognized expression '${name}'`)
  return operator(operand, inner, name)
}

function compileDocument(fields: Doc, inner: Compile): Evaluate {
  const compiled = [...fields].map(([name, value]): [string, Evaluate] => {
    if (name.startsWith('$')) fail(15983, `FieldPath field names may not start with '$': ${name}`)
    if (name.includes('.'))
      fail(16412, `FieldPath field names may not contain '.'. Consider using $getField or $setField. ${name}`)
    return [name, inner(value)]
  })
  return (scope) => {
    const result: Doc = new Map()
    for (const [name, evaluate] of compiled) {
      const value = evaluate(scope)
      if (value !== undefined) result.set(name, value)
    }
    return result
  }
}

function compilePath(text: string, clock: Clock): Evaluate {
  if (!text.startsWith('$$')) {
    if (text === '$') fail(16872, "'$' by itself is not a valid FieldPath")
    const parts = fieldPath(text.slice(1))
    return (scope) => follow(scope.root, parts)
  }
  const [variable, ...rest] = fieldPath(text.slice(2)) as [string, ...string[]]
  const read = compileVariable(variable, clock)
  return rest.length === 0 ? read : (scope) => follow(read(scope), rest)
}

function compileVariable(name: string, clock: Clock): Evaluate {
  switch (name) {
    case 'NOW':
      return constant(clock.now)
    case 'ROOT':
    case 'CURRENT':
      return (scope) => scope.root
    case 'REMOVE':
      return constant(undefined)
    default:
      return fail(17276, `Use of undefined variable: ${name}`)
  }
}

/**
 * A path through an array gathers what each of its documents has; indexes do not count as names, arrays in it are
 * passed over.
 */
export function follow(value: Value | undefined, parts: readonly string[], from = 0): Value | undefined {
  let current = value
  for (let index = from; index < parts.length; index++) {
    if (Array.isArray(current)) {
      const rest = index
      return current
        .map((each) => (each instanceof Map ? follow(each, parts, rest) : undefined))
        .filter((each) => each !== undefined)
    }
    if (!(current instanceof Map)) return undefined
    current = current.get(parts[index] as string)
  }
  return current
}
