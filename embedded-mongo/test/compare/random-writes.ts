import type { Document } from 'mongodb'
import { double } from '../server-under-test.ts'
import type { Dice } from './dice.ts'
import { document, met, nested, number, path, scalar, value } from './random-documents.ts'
import { filter, operators } from './random-filters.ts'
import { documentStage, projection, sort } from './random-reads.ts'

const places = [
  'r.$',
  'o.$',
  'o.$.x',
  'r.$[]',
  'o.$[].x',
  'o.$[e]',
  'o.$[e].x',
  'r.$[e]',
  'b.$',
  'n.x.$[]',
  'o.$[].x.$[e]',
]

/** Mostly plain paths; `e` is an array filter's name. */
const target = (dice: Dice): string => (dice.chance(0.75) ? path(dice) : dice.pick(places))

function change(dice: Dice): [string, Document] {
  const at = (operand: unknown): Document => ({ [target(dice)]: operand })
  return dice.way<[string, Document]>(
    [4, () => ['$set', at(value(dice))]],
    [1, () => ['$setOnInsert', at(value(dice, 1))]],
    [2, () => ['$unset', at('')]],
    [3, () => ['$inc', at(number(dice))]],
    [2, () => ['$mul', at(number(dice))]],
    [2, () => [dice.pick(['$min', '$max']), at(value(dice, 1))]],
    [2, () => ['$rename', { [path(dice)]: path(dice) }]],
    [0.5, () => ['$currentDate', at(dice.pick<unknown>([true, { $type: 'date' }]))]],
    [3, () => ['$push', at(dice.chance(0.4) ? value(dice, 1) : pushed(dice))]],
    [2, () => ['$addToSet', at(dice.chance(0.5) ? value(dice, 1) : { $each: dice.many(0, 3, () => value(dice, 1)) })]],
    [
      2,
      () => [
        '$pull',
        at(
          dice.way<unknown>([1, () => value(dice, 1)], [1, () => operators(dice)], [1, () => ({ x: operators(dice) })]),
        ),
      ],
    ],
    [1, () => ['$pullAll', at(dice.many(0, 3, () => met(dice, 'r')))]],
    [1, () => ['$pop', at(dice.pick([1, -1, double(1)]))]],
    [0.1, () => [dice.pick(['$inc', '$push', '$pop', '$pullAll', '$rename']), at(scalar(dice))]],
  )
}

function pushed(dice: Dice): Document {
  const byField = dice.chance(0.3)
  return {
    $each: dice.many(0, 3, () => (byField ? nested(dice) : value(dice, 1))),
    ...(dice.chance(0.3) ? { $position: dice.pick([0, 1, -1, 9]) } : {}),
    ...(dice.chance(0.3) ? { $slice: dice.pick([0, 2, -2, 9]) } : {}),
    ...(dice.chance(0.3) ? { $sort: byField ? { x: dice.pick([1, -1]) } : dice.pick([1, -1]) } : {}),
  }
}

export function update(dice: Dice): Document | Document[] {
  if (dice.chance(0.15)) return dice.many(1, 2, () => documentStage(dice))
  if (dice.chance(0.1)) return document(dice)
  const result: Document = {}
  for (const [name, fields] of dice.many(1, 2, () => change(dice))) result[name] = { ...result[name], ...fields }
  return result
}

/** Array filters for the names that the update uses, now and then one too many. */
function arrayFilters(dice: Dice, change: Document | Document[]): Document {
  if (
    !JSON.stringify(Object.values(change).map((fields) => Object.keys(fields ?? {}))).includes('$[e]') &&
    !dice.chance(0.01)
  )
    return {}
  return {
    arrayFilters: [
      dice.chance(0.5)
        ? { e: operators(dice, 'r', 0) }
        : { 'e.x': dice.chance(0.5) ? scalar(dice) : operators(dice, 'r', 0) },
    ],
  }
}

/** One document is chosen by its id; with `multi` all that match, as they are met. */
export function updateCommand(dice: Dice, collection: string, ids: number): Document {
  const upsert = dice.chance(0.15)
  const u = update(dice)
  const multi = !upsert && !Array.isArray(u) && dice.chance(0.1)
  const q = {
    ...(multi ? {} : { _id: dice.whole(0, upsert ? ids + 5 : ids - 1) }),
    ...(dice.chance(0.5) ? filter(dice) : {}),
  }
  return {
    update: collection,
    updates: [{ q, u, ...(multi ? { multi } : {}), ...(upsert ? { upsert } : {}), ...arrayFilters(dice, u) }],
  }
}

export function findAndModify(dice: Dice, collection: string, ids: number): Document {
  const common = {
    findAndModify: collection,
    query: { ...(dice.chance(0.5) ? { _id: dice.whole(0, ids + 1) } : {}), ...(dice.chance(0.3) ? filter(dice) : {}) },
    sort: dice.chance(0.3) ? sort(dice) : { _id: 1 },
    ...(dice.chance(0.3) ? { fields: projection(dice) } : {}),
  }
  if (dice.chance(0.25)) return { ...common, remove: true, ...(dice.chance(0.05) ? { new: true } : {}) }
  const change = update(dice)
  return {
    ...common,
    update: change,
    ...(dice.chance(0.5) ? { new: true } : {}),
    ...(dice.chance(0.3) ? { upsert: true } : {}),
    ...arrayFilters(dice, change),
  }
}

export const deleteCommand = (dice: Dice, collection: string, ids: number): Document => ({
  delete: collection,
  deletes: [
    dice.chance(0.5) ? { q: filter(dice), limit: 0 } : { q: { _id: dice.whole(0, ids), ...filter(dice) }, limit: 1 },
  ],
})
