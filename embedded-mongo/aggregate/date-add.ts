import { toInteger } from '../bson/arithmetic.ts'
import { DateTime, typeName, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { Compile } from './operators.ts'
import { type Evaluate, isNullish, type Scope } from './scope.ts'

const dayMs = 86_400_000n
const unitMs = new Map([
  ['millisecond', 1n],
  ['second', 1000n],
  ['minute', 60_000n],
  ['hour', 3_600_000n],
  ['day', dayMs],
  ['week', dayMs * 7n],
])
const unitMonths = new Map([
  ['month', 1n],
  ['quarter', 3n],
  ['year', 12n],
])

/** More days than lie between the first date that there is and the last; MongoDB refuses such amounts before it adds. */
const mostDays = 2n ** 64n / dayMs + 1n
const mostYears = mostDays / 365n + 1n

export function addDate(operand: Value, compile: Compile): Evaluate {
  if (!(operand instanceof Map)) return fail(5166400, '$dateAdd expects an object as its argument')
  for (const name of operand.keys()) {
    if (!['startDate', 'unit', 'amount'].includes(name))
      fail(5166401, `$dateAdd: '${name}' is not supported by the embedded store`)
  }
  const part = (name: string): Evaluate => {
    const expression = operand.get(name)
    if (expression === undefined) return fail(5166402, '$dateAdd requires startDate, unit, and amount to be present')
    return compile(expression)
  }
  const [start, unit, amount] = [part('startDate'), part('unit'), part('amount')]
  return (scope: Scope) => {
    const [date, name, count] = [start(scope), unit(scope), amount(scope)]
    if (isNullish(date) || isNullish(name) || isNullish(count)) return null
    if (!(date instanceof DateTime)) return fail(5166403, '$dateAdd requires startDate to be convertible to a date')
    if (typeof name !== 'string')
      return fail(5166404, `$dateAdd expects string defining the time unit, but got ${typeName(name)}`)
    const whole = toInteger(count) ?? fail(5166405, '$dateAdd expects integer amount of time units')
    const ms = shift(date.ms, name, whole)
    return BigInt.asIntN(64, ms) === ms ? new DateTime(ms) : fail(5166406, 'dateAdd overflowed')
  }
}

function shift(ms: bigint, unit: string, amount: bigint): bigint {
  const each = unitMs.get(unit)
  if (each) {
    if (unit !== 'millisecond') refuseBeyond((mostDays * dayMs) / each, amount, unit)
    return ms + each * amount
  }
  const months = unitMonths.get(unit) ?? fail(9, `unknown time unit value: ${unit}`)
  refuseBeyond((mostYears * 12n) / months, amount, unit)
  return addMonths(ms, months * amount)
}

function refuseBeyond(most: bigint, amount: bigint, unit: string): void {
  if (amount >= most || amount <= -most) fail(5976500, `invalid dateAdd 'amount' parameter value: ${amount} ${unit}`)
}

/** After 400 years the calendar begins anew: a JS Date, which reaches less far than ours, only has to do one round. */
const cycle = { ms: 146_097n * dayMs, months: 4800n }

function addMonths(ms: bigint, months: bigint): bigint {
  const moved = new Date(Number(ms % cycle.ms))
  const day = moved.getUTCDate()
  moved.setUTCDate(1)
  moved.setUTCMonth(moved.getUTCMonth() + Number(months % cycle.months))
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate()
  moved.setUTCDate(Math.min(day, lastDay))
  return BigInt(moved.getTime()) + (ms / cycle.ms + months / cycle.months) * cycle.ms
}
