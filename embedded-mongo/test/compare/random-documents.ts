import type { Document } from 'mongodb'
import {
  Binary,
  BSONRegExp,
  decimal,
  double,
  long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from '../server-under-test.ts'
import type { Dice } from './dice.ts'

/** Few values of every type, so that commands often meet what documents hold. */
const numbers: readonly unknown[] = [
  ...[0, 1, 2, 3, -1, 2147483647],
  ...[0, 1, 2, 0.1, 1.5, -0, Number.NaN, Infinity].map(double),
  ...[1, 2, '9007199254740993', '9223372036854775807', '-9223372036854775808'].map(long),
  ...['1', '1.0', '0.1', '1.5', '2', '9007199254740993', 'NaN', '-0', 'Infinity'].map(decimal),
]
const others: readonly unknown[] = [
  ...[null, null, 'a', 'ab', 'b', '', true, false],
  ...[new Date(0), new Date(5), new Timestamp({ t: 1, i: 1 }), new MinKey(), new MaxKey()],
  ...[new ObjectId('000000000000000000000001'), new Binary(Buffer.from([1]))],
  ...[new UUID('00112233-4455-6677-8899-aabbccddeeff'), new BSONRegExp('a'), new BSONRegExp('a', 'i')],
]

export const number = (dice: Dice): unknown => dice.pick(numbers)
export const scalar = (dice: Dice): unknown => dice.pick(dice.chance(0.6) ? numbers : others)

const names = ['x', 'y', '0']
export function nested(dice: Dice, depth = 1): Document {
  const document: Document = {}
  for (const name of names) if (dice.chance(0.5)) document[name] = value(dice, depth)
  return document
}

export function value(dice: Dice, depth = 2): unknown {
  if (depth === 0) return scalar(dice)
  return dice.way(
    [6, () => scalar(dice)],
    [2, () => dice.many(0, 3, () => scalar(dice))],
    [1, () => dice.many(1, 2, () => value(dice, depth - 1))],
    [1, () => nested(dice, depth - 1)],
    [1, () => dice.many(1, 2, () => nested(dice, depth - 1))],
  )
}

/** `n` tends to be a document, `r` an array, `o` an array of documents. */
export function document(dice: Dice): Document {
  const result: Document = {}
  const put = (name: string, make: () => unknown) => {
    if (dice.chance(0.7)) result[name] = dice.chance(0.8) ? make() : value(dice)
  }
  put('a', () => scalar(dice))
  put('b', () => value(dice))
  put('n', () => nested(dice))
  put('r', () => dice.many(0, 3, () => (dice.chance(0.7) ? number(dice) : value(dice, 1))))
  put('o', () => dice.many(0, 3, () => (dice.chance(0.9) ? nested(dice) : scalar(dice))))
  return result
}

const paths = [
  ...['a', 'a', 'b', 'b', 'n', 'n.x', 'n.y', 'n.x', 'n.0', 'n.x.y', 'r', 'r', 'r.0', 'r.1', 'r.0.0', 'r.x'],
  ...[
    'o',
    'o.x',
    'o.x',
    'o.y',
    'o.0',
    'o.0.x',
    'o.1.x',
    'o.x.y',
    'o.x.0',
    'a.x',
    'a.0',
    'b.x',
    'b.0',
    'b.x.y',
    'z',
    'z.x',
  ],
]
export const path = (dice: Dice): string => dice.pick(paths)

/** A value that one of the documents has at a path, or any: now and then a whole array, else one of its elements. */
export function met(dice: Dice, at: string): unknown {
  if (dice.documents.length === 0 || dice.chance(0.3)) return value(dice, 1)
  let found: unknown = dice.pick(dice.documents)
  for (const part of at.split('.')) {
    if (Array.isArray(found) && !/^\d+$/.test(part) && found.length > 0) found = dice.pick(found)
    found = typeof found === 'object' && found !== null ? (found as Document)[part] : undefined
  }
  if (Array.isArray(found) && found.length > 0 && dice.chance(0.7)) found = dice.pick(found)
  return found === undefined ? value(dice, 1) : found
}
