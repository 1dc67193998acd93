import type { Document } from 'mongodb'
import type { Dice } from './dice.ts'
import { number, scalar, value } from './random-documents.ts'

const fields = [
  '$a',
  '$a',
  '$b',
  '$n',
  '$n.x',
  '$n.y',
  '$r',
  '$o',
  '$o.x',
  '$b.x',
  '$z',
  '$_id',
  '$r.0',
  '$$ROOT',
  '$$REMOVE',
]
const units = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']

/** An expression of the aggregation language, of all operators that supported.ts names. */
export function expression(dice: Dice, depth = 2): unknown {
  const leaf = () =>
    dice.way<unknown>(
      [5, () => dice.pick(fields)],
      [2, () => number(dice)],
      [1, () => scalar(dice)],
      [1, () => ({ $literal: value(dice, 1) })],
    )
  if (depth === 0) return leaf()
  const inner = () => expression(dice, depth - 1)
  const one = (...names: string[]): Document => ({ [dice.pick(names)]: inner() })
  const two = (...names: string[]): Document => ({ [dice.pick(names)]: [inner(), inner()] })
  const some = (...names: string[]): Document => ({ [dice.pick(names)]: dice.many(1, 3, inner) })
  return dice.way<unknown>(
    [3, leaf],
    [4, () => two('$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$cmp')],
    [2, () => some('$and', '$or')],
    [1, () => one('$not')],
    [4, () => some('$add', '$multiply')],
    [3, () => two('$subtract', '$divide')],
    [2, () => some('$min', '$max')],
    [1, () => one('$min', '$max', '$mergeObjects', '$concatArrays')],
    [2, () => ({ $ifNull: [inner(), inner()] })],
    [2, () => ({ $cond: [inner(), inner(), inner()] })],
    // biome-ignore lint/suspicious/noThenProperty: MongoDB's name
    [1, () => ({ $cond: { if: inner(), then: inner(), else: inner() } })],
    // biome-ignore lint/suspicious/noThenProperty: MongoDB's name
    [1, () => ({ $switch: { branches: [{ case: inner(), then: inner() }], default: inner() } })],
    [3, () => one('$toString', '$type', '$size', '$isArray')],
    [1, () => ({ $concat: [inner(), { $toString: inner() }] })],
    [1, () => ({ $concat: dice.many(1, 2, () => dice.pick(['$a', 'x', '$n.x'])) })],
    [2, () => ({ $in: [inner(), dice.pick<unknown>(['$r', '$b', [1, 2, null], inner()])] })],
    [2, () => ({ $arrayElemAt: [dice.pick(['$r', '$o', '$b']), dice.pick([0, 1, -1, 9])] })],
    [1, () => ({ $concatArrays: [dice.pick(['$r', '$o', '$z']), dice.pick<unknown>(['$r', [1]])] })],
    [1, () => ({ $mergeObjects: ['$n', dice.pick<unknown>(['$b', { x: inner() }])] })],
    [
      1,
      () => ({
        $dateAdd: {
          startDate: new Date(dice.pick([0, 2678400000, 951696000000])),
          unit: dice.pick(units),
          amount: dice.pick([1, -1, 13]),
        },
      }),
    ],
    [1, () => ({ x: inner(), y: inner() })],
    [1, () => dice.many(0, 2, inner)],
  )
}
