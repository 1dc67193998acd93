import fc from 'fast-check'
import { parseDecimal } from '../bson/decimal.ts'
import {
  Binary,
  DateTime,
  type Decimal,
  Int32,
  maxKey,
  minKey,
  ObjectId,
  Regex,
  Timestamp,
  undefinedValue,
  type Value,
} from '../bson/values.ts'

const decimals = fc
  .tuple(fc.bigInt(-(10n ** 34n) + 1n, 10n ** 34n - 1n), fc.integer({ min: -6100, max: 6000 }))
  .map(([digits, power]) => parseDecimal(`${digits}e${power}`) as Decimal)

const nearNumbers = fc.constantFrom<Value>(
  ...[0, -0, 0.1, 1, -1, 5e-324, -5e-324, 2 ** 53, 1.7976931348623157e308, Number.NaN, Infinity, -Infinity],
  ...[0n, 1n, 2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n],
  ...['0.1', '-0', '1', '1.00', '9007199254740993', '1E-400', '-1E-400', '1E+400', '-1E+400', 'NaN', 'Infinity'].map(
    (text) => parseDecimal(text) as Decimal,
  ),
)

const numbers = fc.oneof(
  nearNumbers,
  fc.integer().map((value) => new Int32(value)),
  fc.integer({ min: -3, max: 3 }).map((value) => new Int32(value)),
  fc.double(),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  decimals,
)

const bytes = (length: { minLength: number; maxLength: number }) =>
  fc.uint8Array(length).map((each) => Buffer.from(each))

const scalars: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: numbers },
  fc.constantFrom<Value>(null, true, false, minKey, maxKey, undefinedValue),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('', '\0', 'a', 'a\0', 'a\0b', '\uffff', '\u{10000}'),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map((ms) => new DateTime(ms)),
  fc.bigInt(0n, 2n ** 64n - 1n).map((value) => new Timestamp(value)),
  bytes({ minLength: 12, maxLength: 12 }).map((id) => new ObjectId(id)),
  fc
    .tuple(fc.constantFrom(0, 4, 128), bytes({ minLength: 0, maxLength: 3 }))
    .map(([type, data]) => new Binary(type, data)),
  fc.constantFrom(new Regex('a', ''), new Regex('a', 'i'), new Regex('ab', '')),
)

const names = fc.constantFrom('a', 'b', '0', '__proto__')

/** Any value a document may hold, nested a little. */
export const randomValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 2 },
    { weight: 5, arbitrary: scalars },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(names, tie('value')), { maxLength: 3 }).map((pairs) => new Map(pairs)),
  ),
})).value
