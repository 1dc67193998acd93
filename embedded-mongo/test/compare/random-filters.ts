import type { Document } from 'mongodb'
import { BSONRegExp, double } from '../server-under-test.ts'
import type { Dice } from './dice.ts'
import { nested, number, path, scalar, value } from './random-documents.ts'
import { expression } from './random-expressions.ts'

const types = [
  ...['double', 'string', 'object', 'array', 'binData', 'objectId', 'bool', 'date', 'null', 'regex', 'int', 'long'],
  ...['decimal', 'timestamp', 'minKey', 'maxKey', 'number', 1, 2, 10, 16, -1, 127],
]
const pattern = (dice: Dice) => new BSONRegExp(dice.pick(['a', '^a', 'b$', '^$', 'A']), dice.pick(['', '', 'i']))
const list = (dice: Dice) => dice.many(0, 3, () => (dice.chance(0.1) ? pattern(dice) : value(dice, 1)))

/** Operators on one path. `wrong` ones are refused by all. */
export function operators(dice: Dice, depth = 1): Document {
  const one = (): Document =>
    dice.way<Document>(
      [8, () => ({ [dice.pick(['$eq', '$gt', '$gte', '$lt', '$lte', '$ne'])]: value(dice, 1) })],
      [2, () => ({ $in: list(dice) })],
      [2, () => ({ $nin: list(dice) })],
      [1, () => ({ $exists: dice.pick<unknown>([true, false, 1, 0, null]) })],
      [2, () => ({ $type: dice.chance(0.8) ? dice.pick(types) : dice.many(1, 2, () => dice.pick(types)) })],
      [1, () => ({ $size: dice.pick<unknown>([0, 1, 2, double(1), double(1.5), -1]) })],
      [1, () => ({ $mod: [dice.chance(0.9) ? dice.pick([2, 3, double(2)]) : number(dice), number(dice)] })],
      [1, () => ({ $regex: dice.pick(['a', '^a', 'b$']), ...(dice.chance(0.3) ? { $options: 'i' } : {}) })],
      [2, () => ({ $all: dice.chance(0.8) ? list(dice) : dice.many(1, 2, () => elementMatch(dice)) })],
      [3, () => elementMatch(dice)],
      [depth > 0 ? 1 : 0, () => ({ $not: dice.chance(0.2) ? pattern(dice) : operators(dice, depth - 1) })],
    )
  return dice.chance(0.2) ? { ...one(), ...one() } : one()
}

function elementMatch(dice: Dice): Document {
  const inner = dice.chance(0.5)
    ? operators(dice, 0)
    : { [dice.pick(['x', 'y', '0', 'x.y'])]: condition(dice), ...(dice.chance(0.2) ? { y: scalar(dice) } : {}) }
  return { $elemMatch: inner }
}

const condition = (dice: Dice): unknown =>
  dice.way<unknown>(
    [4, () => operators(dice)],
    [3, () => scalar(dice)],
    [1, () => value(dice)],
    [1, () => nested(dice)],
    [0.3, () => pattern(dice)],
  )

export function filter(dice: Dice, depth = 1): Document {
  const clauses = Object.fromEntries(dice.many(1, 2, () => [path(dice), condition(dice)]))
  if (depth === 0) return clauses
  return dice.way<Document>(
    [8, () => clauses],
    [2, () => ({ [dice.pick(['$and', '$or', '$nor'])]: dice.many(1, 2, () => filter(dice, depth - 1)) })],
    [1, () => ({ ...clauses, $or: dice.many(1, 2, () => filter(dice, depth - 1)) })],
    [1, () => ({ $expr: expression(dice) })],
  )
}
