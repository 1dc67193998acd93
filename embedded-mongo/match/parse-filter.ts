import { type Clock, compileExpression } from '../aggregate/expression.ts'
import { truthy } from '../aggregate/scope.ts'
import { type Doc, Regex, type Value } from '../bson/values.ts'
import { fail, failUnknown } from '../errors.ts'
import { type Filter, type Leaf, matches } from './filter.ts'
import {
  anyOf,
  comparison,
  comparisons,
  equalToOne,
  isOperators,
  modTest,
  regexTest,
  sizeTest,
  type Test,
  typeTest,
} from './operators.ts'

/** Reads a whole filter and refuses what is wrong in it, before any document is looked at. */
export function parseFilter(filter: Value | undefined, clock: Clock): Filter {
  if (filter === undefined) return { kind: 'and', children: [] }
  if (!(filter instanceof Map)) return fail(14, 'the filter must be an object')
  const children = [...filter].flatMap(([name, value]) => parseClause(name, value, clock))
  return children.length === 1 ? (children[0] as Filter) : { kind: 'and', children }
}

function parseClause(name: string, value: Value, clock: Clock): Filter[] {
  if (!name.startsWith('$')) return parseField(name, value, clock)
  switch (name) {
    case '$and':
    case '$or':
    case '$nor':
      return [{ kind: name.slice(1) as 'and' | 'or' | 'nor', children: parseList(name, value, clock) }]
    case '$expr':
      return [{ kind: 'expression', evaluate: compileExpression(value, clock) }]
    case '$comment':
      return []
    case '$where':
    case '$text':
    case '$jsonSchema':
      return fail(2, `${name} is not supported by the embedded store`)
    default:
      return fail(
        2,
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      )
  }
}

function parseList(name: string, value: Value, clock: Clock): Filter[] {
  if (!Array.isArray(value)) return fail(2, `${name} argument must be an array`)
  if (value.length === 0) fail(2, `${name} argument must be a non-empty array`)
  return value.map((each) => {
    if (!(each instanceof Map)) return fail(2, `${name} argument's entries must be objects`)
    return parseFilter(each, clock)
  })
}

function parseField(path: string, value: Value, clock: Clock): Filter[] {
  if (value instanceof Regex) return [leaf(path, '$regex', value, regexTest(value))]
  if (!isOperators(value)) return [leaf(path, '$eq', value, comparison('$eq', value))]
  return parseOperators(path, value, clock)
}

function parseOperators(path: string, operators: Doc, clock: Clock): Filter[] {
  return [...operators].flatMap(([op, operand]) => {
    if (op === '$regex') return [parseRegex(path, operand, operators.get('$options'))]
    if (op !== '$options') return parseOperator(path, op, operand, clock)
    return operators.has('$regex') ? [] : fail(2, '$options needs a $regex')
  })
}

function parseOperator(path: string, op: string, operand: Value, clock: Clock): Filter[] {
  if (operand instanceof Regex && (op === '$ne' || (op !== '$eq' && comparisons.has(op)))) {
    fail(
      2,
      op === '$ne' ? "Can't have regex as arg to $ne." : `Can't have RegEx as arg to predicate over field '${path}'.`,
    )
  }
  if (comparisons.has(op)) return [leaf(path, op, operand, comparison(op, operand))]
  switch (op) {
    case '$ne':
      return [not(leaf(path, '$eq', operand, comparison('$eq', operand)))]
    case '$in':
      return [leaf(path, op, operand, anyOf(op, operand))]
    case '$nin':
      return [not(leaf(path, '$in', operand, anyOf(op, operand)))]
    case '$exists': {
      const exists = leaf(path, op, true, (value) => value !== undefined)
      return [truthy(operand) ? exists : not(exists)]
    }
    case '$type':
      return [leaf(path, op, operand, typeTest(operand))]
    case '$size':
      return [{ ...leaf(path, op, operand, sizeTest(operand)), open: false }]
    case '$mod':
      return [leaf(path, op, operand, modTest(operand))]
    case '$not':
      return [not(parseNegated(path, operand, clock))]
    case '$elemMatch':
      return [parseElementMatch(path, operand, clock)]
    case '$all':
      return parseAll(path, operand, clock)
    default:
      return failUnknown(2, `unknown operator: ${op}`)
  }
}

function leaf(path: string, op: string, operand: Value, test: Test): Leaf {
  return { kind: 'leaf', path, parts: path.split('.'), op, operand, open: true, test }
}

/** What is equal to one of the values, whatever they are: a pattern or a `$` in a name means nothing else here. */
export function equalToAny(path: string, values: Value[]): Filter {
  const [first] = values
  return values.length === 1 && first !== undefined
    ? leaf(path, '$eq', first, comparison('$eq', first))
    : leaf(path, '$in', values, equalToOne(values))
}

const not = (child: Filter): Filter => ({ kind: 'not', child })

function parseNegated(path: string, operand: Value, clock: Clock): Filter {
  if (operand instanceof Regex) return leaf(path, '$regex', operand, regexTest(operand))
  if (!(operand instanceof Map)) return fail(2, '$not needs a regex or a document')
  const first = operand.keys().next().value
  if (first === undefined) return fail(2, '$not cannot be empty')
  if (!first.startsWith('$')) failUnknown(2, `unknown operator: ${first}`)
  return { kind: 'and', children: parseOperators(path, operand, clock) }
}

function parseRegex(path: string, operand: Value, options: Value | undefined): Filter {
  if (options !== undefined && typeof options !== 'string') fail(2, '$options has to be a string')
  if (operand instanceof Regex) {
    if (options !== undefined && operand.flags !== '') fail(51075, 'options set in both $regex and $options')
    const regex = new Regex(operand.pattern, (options as string | undefined) ?? operand.flags)
    return leaf(path, '$regex', regex, regexTest(regex))
  }
  if (typeof operand !== 'string') return fail(2, '$regex has to be a string')
  const regex = new Regex(operand, (options as string | undefined) ?? '')
  return leaf(path, '$regex', regex, regexTest(regex))
}

function parseElementMatch(path: string, operand: Value, clock: Clock): Filter {
  if (!(operand instanceof Map)) return fail(2, '$elemMatch needs an Object')
  const first = operand.keys().next().value
  const byValue = isOperators(operand) && !['$and', '$or', '$nor', '$expr', '$where'].includes(first ?? '')
  return {
    kind: 'element',
    path,
    parts: path.split('.'),
    test: byValue ? elementTest(operand, clock) : documentTest(operand, clock),
  }
}

function documentTest(filter: Doc, clock: Clock): (element: Value) => boolean {
  const parsed = parseFilter(filter, clock)
  return (element) => (element instanceof Map || Array.isArray(element)) && matches(parsed, element)
}

/** Applies operators to a value itself, as `$elemMatch` does: an array in the place of the value stays shut. */
function elementTest(operators: Doc, clock: Clock): (element: Value) => boolean {
  const parsed: Filter = { kind: 'and', children: parseOperators('', operators, clock).map(shut) }
  return (element) => matches(parsed, new Map([['', element]]))
}

function shut(filter: Filter): Filter {
  if (filter.kind === 'leaf') return { ...filter, open: false }
  if (filter.kind === 'not') return { kind: 'not', child: shut(filter.child) }
  if (filter.kind === 'and' || filter.kind === 'or' || filter.kind === 'nor') {
    return { kind: filter.kind, children: filter.children.map(shut) }
  }
  return filter
}

function parseAll(path: string, operand: Value, clock: Clock): Filter[] {
  if (!Array.isArray(operand)) return fail(2, '$all needs an array')
  if (operand.length === 0) return [{ kind: 'or', children: [] }]
  const elementMatches = operand.filter((each) => each instanceof Map && each.has('$elemMatch')).length
  if (elementMatches > 0 && elementMatches < operand.length) fail(2, '$all/$elemMatch has to be consistent')
  return operand.flatMap((each) => {
    if (each instanceof Regex) return [leaf(path, '$regex', each, regexTest(each))]
    if (!isOperators(each)) return [leaf(path, '$eq', each, comparison('$eq', each))]
    if (elementMatches > 0) return [parseElementMatch(path, each.get('$elemMatch') as Value, clock)]
    return fail(2, 'no $ expressions in $all')
  })
}
