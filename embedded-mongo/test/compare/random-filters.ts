import type { Document } from 'mongodb'
import { BSONRegExp, double } from '../server-under-test.ts'
import type { Dice } from './dice.ts'
import { met, nested, number, path, scalar } from './random-documents.ts'
import { expression } from './random-expressions.ts'

const types = [
  ...['double', 'string', 'object', 'array', 'binData', 'objectId', 'bool', 'date', 'null', 'regex', 'int', 'long'],
  ...['decimal', 'timestamp', 'minKey', 'maxKey', 'number', 1, 2, 10, 16, -1, 127],
]
const pattern = (dice: Dice) => new BSONRegExp(dice.pick(['a', '^a', 'b$', '^$', 'A']), dice.pick(['', '', 'i']))
const list = (dice: Dice, at: string) => dice.many(0, 3, () => (dice.chance(0.1) ? pattern(dice) : met(dice, at)))

/** Operators on one path. */
export function operators(dice: Dice, at = 'r', depth = 1): Document {
  const one = (): Document =>
    dice.way<Document>(
      [8, () => ({ [dice.pick(['$eq', '$gt', '$gte', '$lt', '$lte', '$ne'])]: met(dice, at) })],
      [2, () => ({ $in: list(dice, at) })],
      [2, () => ({ $nin: list(dice, at) })],
      [1, () => ({ $exists: dice.pick<unknown>([true, false, 1, 0, null]) })],
      [2, () => ({ $type: dice.chance(0.8) ? dice.pick(types) : dice.many(1, 2, () => dice.pick(types)) })],
      [1, () => ({ $size: dice.pick<unknown>([0, 1, 2, double(1), double(1.5), -1]) })],
      [1, () => ({ $mod: [dice.chance(0.9) ? dice.pick([2, 3, double(2)]) : number(dice), number(dice)] })],
      [1, () => ({ $regex: dice.pick(['a', '^a', 'b$']), ...(dice.chance(0.3) ? { $options: 'i' } : {}) })],
      [2, () => ({ $all: dice.chance(0.8) ? list(dice, at) : dice.many(1, 2, () => elementMatch(dice, at)) })],
      [3, () => elementMatch(dice, at)],
      [depth > 0 ? 1 : 0, () => ({ $not: dice.chance(0.2) ? pattern(dice) : operators(dice, at, depth - 1) })],
    )
  return dice.chance(0.2) ? { ...one(), ...one() } : one()
}

function elementMatch(dice: Dice, at: string): Document {
  if (dice.chance(0.5)) return { $elemMatch: operators(dice, at, 0) }
  const name = dice.pick(['x', 'x', 'y', '0', 'x.y'])
  const more = dice.chance(0.2) ? { y: scalar(dice) } : {}
  return { $elemMatch: { [name]: condition(dice, `${at}.${name}`), ...more } }
}

const condition = (dice: Dice, at: string): unknown =>
  dice.way<unknown>(
    [4, () => operators(dice, at)],
    [4, () => met(dice, at)],
    [1, () => nested(dice)],
    [0.3, () => pattern(dice)],
  )

function clause(dice: Dice): [string, unknown] {
  const at = path(dice)
  return [at, condition(dice, at)]
}

export function filter(dice: Dice, depth = 1): Document {
  const clauses = Object.fromEntries(dice.many(1, dice.chance(0.3) ? 2 : 1, () => clause(dice)))
  if (depth === 0) return clauses
  return dice.way<Document>(
    [8, () => clauses],
    [2, () => ({ [dice.pick(['$and', '$or', '$nor'])]: dice.many(1, 2, () => filter(dice, depth - 1)) })],
    [1, () => ({ ...clauses, $or: dice.many(1, 2, () => filter(dice, depth - 1)) })],
    [1, () => ({ $expr: expression(dice) })],
  )
}
