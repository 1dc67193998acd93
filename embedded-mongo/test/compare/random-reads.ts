import type { Document } from 'mongodb'
import type { Dice } from './dice.ts'
import { path } from './random-documents.ts'
import { expression } from './random-expressions.ts'
import { filter, operators } from './random-filters.ts'

/** `_id` comes last, so that the order is never left open. */
export function sort(dice: Dice): Document {
  const keys = dice.many(1, 2, () => [path(dice), dice.pick([1, -1])])
  return { ...Object.fromEntries(keys), _id: 1 }
}

export function projection(dice: Dice): Document {
  const one = (): [string, unknown] =>
    dice.way<[string, unknown]>(
      [6, () => [path(dice), dice.pick<unknown>([1, 1, true])]],
      [1, () => [path(dice), dice.pick<unknown>([0, false])]],
      [2, () => [path(dice), { $slice: dice.pick<unknown>([1, 2, -1, 0, [0, 1], [1, 2], [-2, 1], [-9, 1], [1, 0]]) }]],
      [1, () => [dice.pick(['r', 'b', 'o']), { $elemMatch: operators(dice, 'r', 0) }]],
      [1, () => ['o', { $elemMatch: { x: operators(dice, 'o.x', 0) } }]],
      [2, () => [dice.pick(['a', 'n.x', 'c', 'o.z']), expression(dice, 1)]],
      [1, () => [dice.pick(['n', 'o', 'c']), { x: dice.pick<unknown>([1, 0, '$a']) }]],
    )
  const excluding = (): [string, unknown] => [path(dice), dice.pick<unknown>([0, false])]
  const make = dice.chance(0.3) ? excluding : one
  const id = dice.way<Document>([3, () => ({})], [1, () => ({ _id: 0 })], [0.5, () => ({ _id: 1 })])
  return { ...Object.fromEntries(dice.many(1, 3, make)), ...id }
}

export function find(dice: Dice, collection: string): Document {
  const command: Document = { find: collection, filter: dice.chance(0.7) ? filter(dice) : {}, sort: { _id: 1 } }
  if (dice.chance(0.3)) command.sort = sort(dice)
  if (dice.chance(0.35)) command.projection = projection(dice)
  else if (dice.chance(0.1)) {
    const field = dice.pick(['r', 'o', 'o.x', 'b', 'n.x'])
    command.filter = { ...command.filter, [field]: operators(dice, field) }
    command.projection = { [`${field}.$`]: 1 }
  }
  if (dice.chance(0.1)) command.skip = dice.whole(0, 3)
  if (dice.chance(0.1)) command.limit = dice.pick([1, 3, -2, 0])
  return command
}

export const distinct = (dice: Dice, collection: string): Document => ({
  distinct: collection,
  key: path(dice),
  query: dice.chance(0.3) ? filter(dice) : {},
})

export const count = (dice: Dice, collection: string): Document => ({
  count: collection,
  query: filter(dice),
  ...(dice.chance(0.3) ? { skip: dice.whole(0, 2), limit: dice.whole(0, 4) } : {}),
})

const accumulators = ['$sum', '$avg', '$min', '$max', '$first', '$last', '$push', '$addToSet']

/** Stages that turn documents into documents, then one that may end it. */
export function pipeline(dice: Dice, other: string): Document[] {
  const stages = dice.many(
    0,
    2,
    (): Document =>
      dice.way<Document>(
        [2, () => ({ $match: filter(dice) })],
        [1, () => ({ $sort: sort(dice) })],
        [0.5, () => ({ $skip: 1 })],
        [0.5, () => ({ $limit: dice.whole(1, 4) })],
        [4, () => documentStage(dice)],
        [2, () => unwind(dice)],
        [
          1,
          () => ({
            $lookup: {
              from: other,
              localField: path(dice),
              foreignField: path(dice),
              as: dice.pick(['l', 'n', 'n.l']),
            },
          }),
        ],
      ),
  )
  const last = dice.way<Document[]>(
    [3, () => []],
    [3, () => [group(dice)]],
    [0.5, () => [{ $count: 'n' }]],
    [1, () => [documentStage(dice)]],
  )
  return [{ $sort: { _id: 1 } }, ...stages, ...last]
}

export function documentStage(dice: Dice): Document {
  const added = () =>
    Object.fromEntries(dice.many(1, 2, () => [dice.pick(['a', 'c', 'n.x', 'o.x', 'b.y', 'n']), expression(dice)]))
  return dice.way<Document>(
    [3, () => ({ [dice.pick(['$addFields', '$set'])]: added() })],
    [1, () => ({ $unset: dice.chance(0.5) ? path(dice) : dice.many(1, 2, () => path(dice)) })],
    [3, () => ({ $project: { ...projectionOfStage(dice) } })],
    [0.5, () => ({ $replaceRoot: { newRoot: dice.pick<unknown>(['$n', '$$ROOT', { x: expression(dice, 1) }]) } })],
    [0.5, () => ({ $replaceWith: dice.pick<unknown>(['$n', '$b', { _id: '$_id', x: expression(dice, 1) }]) })],
  )
}

function projectionOfStage(dice: Dice): Document {
  const id = dice.chance(0.2) ? { _id: 0 } : {}
  if (dice.chance(0.2)) return { ...Object.fromEntries(dice.many(1, 2, () => [path(dice), 0])), ...id }
  const fields = dice.many(1, 3, () => [path(dice), dice.chance(0.5) ? 1 : expression(dice)])
  return { ...Object.fromEntries(fields), ...id }
}

function unwind(dice: Dice): Document {
  const field = `$${dice.pick(['r', 'o', 'b', 'n.x', 'a', 'z'])}`
  if (dice.chance(0.5)) return { $unwind: field }
  const index = dice.chance(0.5) ? { includeArrayIndex: dice.pick(['i', 'a']) } : {}
  return { $unwind: { path: field, preserveNullAndEmptyArrays: dice.chance(0.5), ...index } }
}

function group(dice: Dice): Document {
  const fields = dice.many(1, 3, () => [dice.pick(['f', 'g', 'h']), { [dice.pick(accumulators)]: expression(dice, 1) }])
  const id = dice.way<unknown>(
    [3, () => path(dice).replace(/^/, '$')],
    [1, () => null],
    [1, () => ({ x: '$n.x', a: '$a' })],
    [1, () => expression(dice, 1)],
  )
  return { $group: { _id: id, ...Object.fromEntries(fields), ...(dice.chance(0.2) ? { n: { $count: {} } } : {}) } }
}

export const aggregate = (dice: Dice, collection: string, other: string): Document => ({
  aggregate: collection,
  pipeline: pipeline(dice, other),
  cursor: {},
})
