import fc from 'fast-check'
import { BSON } from 'mongodb'
import { expect, it } from 'vitest'
import { compare } from '../bson/compare.ts'
import { decimalToString, parseDecimal } from '../bson/decimal.ts'
import { decodeDocument } from '../bson/decode.ts'
import { encodeDocument } from '../bson/encode.ts'
import type { Decimal } from '../bson/values.ts'
import { invert, valueKey } from '../store/value-key.ts'
import { randomValue } from './random-values.ts'

const rounds = Number(process.env.VALUE_ROUNDS ?? 5000)
const timeout = 30_000 + rounds

it('orders encoded keys as it compares values, up and down', { timeout }, () => {
  fc.assert(
    fc.property(randomValue, randomValue, (a, b) => {
      const wanted = Math.sign(compare(a, b))
      expect(Math.sign(valueKey(a).compare(valueKey(b)))).toBe(wanted)
      expect(Math.sign(invert(valueKey(b)).compare(invert(valueKey(a))))).toBe(wanted)
    }),
    { numRuns: rounds },
  )
})

it('gives no key that begins another, so that compound keys keep their order', () => {
  fc.assert(
    fc.property(randomValue, randomValue, (a, b) => {
      const [x, y] = [valueKey(a), valueKey(b)]
      fc.pre(!x.equals(y))
      expect(y.subarray(0, x.length).equals(x)).toBe(false)
    }),
    { numRuns: 3000 },
  )
})

it('compares any three values without contradiction', () => {
  fc.assert(
    fc.property(randomValue, randomValue, randomValue, (a, b, c) => {
      const [low, middle, high] = [a, b, c].sort(compare)
      expect(compare(low ?? null, middle ?? null)).toBeLessThanOrEqual(0)
      expect(compare(low ?? null, high ?? null)).toBeLessThanOrEqual(0)
    }),
    { numRuns: 3000 },
  )
})

it('reads and writes documents byte for byte', () => {
  fc.assert(
    fc.property(randomValue, (value) => {
      const bytes = encodeDocument(new Map([['value', value]]))
      expect(encodeDocument(decodeDocument(bytes)).equals(bytes)).toBe(true)
      expect(BSON.calculateObjectSize(BSON.deserialize(bytes, { promoteValues: false }))).toBeGreaterThan(4)
    }),
    { numRuns: 2000 },
  )
})

it('writes and reads Decimal128 as the bson library does', () => {
  const digits = fc.bigInt(-(10n ** 34n) + 1n, 10n ** 34n - 1n)
  fc.assert(
    fc.property(digits, fc.integer({ min: -6176, max: 6111 }), (whole, power) => {
      const theirs = BSON.Decimal128.fromString(`${whole}E${power}`)
      const ours = parseDecimal(`${whole}E${power}`) as Decimal
      expect(ours.bytes.equals(Buffer.from(theirs.bytes))).toBe(true)
      expect(decimalToString(ours)).toBe(theirs.toString())
    }),
    { numRuns: 2000 },
  )
})
