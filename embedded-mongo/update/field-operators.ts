import type { Clock } from '../aggregate/expression.ts'
import { type Arithmetic, add, multiply } from '../bson/arithmetic.ts'
import { compare } from '../bson/compare.ts'
import { Int32, isNumeric, type Numeric, Timestamp, typeName, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { display } from '../store/display.ts'
import { arrayOperators } from './array-operators.ts'

/** What an operator does at its path. It gets undefined where nothing is, and gives undefined to take away. */
export interface Modify {
  name: string
  /** False: where the path does not exist there is nothing to do. */
  creates?: false
  apply: (current: Value | undefined, inserting: boolean) => Value | undefined
}

export type OperatorParser = (operand: Value, clock: Clock, path: string) => Modify

function arithmetic(name: string, operation: Arithmetic, ofMissing: (operand: Numeric) => Numeric): OperatorParser {
  const verb = name === '$inc' ? 'increment' : 'multiply'
  return (operand, _clock, path) => {
    if (!isNumeric(operand))
      return fail(14, `Cannot ${verb} with non-numeric argument: {${path}: ${typeName(operand)}}`)
    return {
      name,
      apply: (current) => {
        if (current === undefined) return ofMissing(operand)
        if (!isNumeric(current)) {
          return fail(
            14,
            `Cannot apply ${name} to a value of non-numeric type. The field '${path}' is of non-numeric type ${typeName(current)}`,
          )
        }
        return (
          operation(current, operand) ??
          fail(
            2,
            `Failed to apply ${name} operations to current value ((${current instanceof Int32 ? 'NumberInt' : 'NumberLong'})${display(current)}) for the field '${path}'`,
          )
        )
      },
    }
  }
}

const extreme =
  (name: string, sign: number): OperatorParser =>
  (operand) => ({
    name,
    apply: (current) => (current === undefined || compare(operand, current) * sign > 0 ? operand : current),
  })

const currentDate: OperatorParser = (operand, clock, path) => {
  const type = operand instanceof Map ? operand.get('$type') : typeof operand === 'boolean' ? 'date' : undefined
  if (type === undefined)
    fail(
      2,
      `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}): ${path}`,
    )
  if (type !== 'date' && type !== 'timestamp')
    fail(2, "The '$type' string field is required to be 'date' or 'timestamp'")
  const value = type === 'date' ? clock.now : new Timestamp(((clock.now.ms / 1000n) << 32n) | 1n)
  return { name: '$currentDate', apply: () => value }
}

export const fieldOperators: ReadonlyMap<string, OperatorParser> = new Map<string, OperatorParser>([
  ['$set', (operand) => ({ name: '$set', apply: () => operand })],
  ['$unset', () => ({ name: '$unset', creates: false, apply: () => undefined })],
  ['$inc', arithmetic('$inc', add, (operand) => operand)],
  ['$mul', arithmetic('$mul', multiply, (operand) => multiply(operand, new Int32(0)) as Numeric)],
  ['$min', extreme('$min', -1)],
  ['$max', extreme('$max', 1)],
  ['$currentDate', currentDate],
  ...arrayOperators,
])
