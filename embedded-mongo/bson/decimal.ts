import { Decimal } from './values.ts'

/** A Decimal128 taken apart: sign, whole coefficient and power of ten. */
export type DecimalParts =
  | { kind: 'finite'; negative: boolean; coefficient: bigint; exponent: number }
  | { kind: 'infinity'; negative: boolean }
  | { kind: 'nan' }

const bias = 6176
const largestExponent = 6111
const digits = 34
const largestCoefficient = 10n ** 34n

export function decimalParts(decimal: Decimal): DecimalParts {
  const low = decimal.bytes.readBigUInt64LE(0)
  const high = decimal.bytes.readBigUInt64LE(8)
  const negative = high >> 63n === 1n
  const combination = Number((high >> 58n) & 31n)
  if (combination === 31) return { kind: 'nan' }
  if (combination === 30) return { kind: 'infinity', negative }
  if (combination >> 3 === 3) {
    // The second form only writes coefficients beyond 34 digits, which IEEE 754 reads as zero.
    return { kind: 'finite', negative, coefficient: 0n, exponent: Number((high >> 47n) & 0x3fffn) - bias }
  }
  const coefficient = ((high & 0x1ffffffffffffn) << 64n) | low
  return {
    kind: 'finite',
    negative,
    coefficient: coefficient < largestCoefficient ? coefficient : 0n,
    exponent: Number((high >> 49n) & 0x3fffn) - bias,
  }
}

const pack = (high: bigint, low: bigint): Decimal => {
  const bytes = Buffer.allocUnsafe(16)
  bytes.writeBigUInt64LE(low, 0)
  bytes.writeBigUInt64LE(high, 8)
  return new Decimal(bytes)
}

export const decimalNaN = pack(0x7c00000000000000n, 0n)
const infinity = (negative: boolean) => pack(negative ? 0xf800000000000000n : 0x7800000000000000n, 0n)

/** Rounds to 34 digits, half to even, as IEEE 754 does. */
export function makeDecimal(negative: boolean, coefficient: bigint, exponent: number): Decimal {
  let whole = coefficient
  let power = exponent
  const excess = Math.max(whole.toString().length - digits, -bias - power)
  if (excess > 0) {
    whole = divideHalfEven(whole, 10n ** BigInt(excess))
    power += excess
    if (whole === largestCoefficient) {
      whole /= 10n
      power++
    }
  }
  while (power > largestExponent && whole > 0n && whole * 10n < largestCoefficient) {
    whole *= 10n
    power--
  }
  if (power > largestExponent) {
    if (whole > 0n) return infinity(negative)
    power = largestExponent
  }
  const high = (negative ? 1n << 63n : 0n) | (BigInt(power + bias) << 49n) | (whole >> 64n)
  return pack(high, whole & 0xffffffffffffffffn)
}

function divideHalfEven(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  const twice = (value % divisor) * 2n
  if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) return quotient + 1n
  return quotient
}

const pattern = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/

export function parseDecimal(text: string): Decimal | undefined {
  if (/^[+-]?nan$/i.test(text)) return decimalNaN
  const endless = /^([+-]?)inf(inity)?$/i.exec(text)
  if (endless) return infinity(endless[1] === '-')
  const found = pattern.exec(text)
  const fraction = found?.[3] ?? ''
  const all = (found?.[2] ?? '') + fraction
  if (!found || all === '') return undefined
  return makeDecimal(found[1] === '-', BigInt(all), Number(found[4] ?? 0) - fraction.length)
}

/** A Double enters a Decimal128 with 15 significant digits (MongoDB's rule), a zero with none but itself. */
export function decimalFromDouble(value: number): Decimal {
  if (Number.isNaN(value)) return decimalNaN
  if (!Number.isFinite(value)) return infinity(value < 0)
  if (value === 0) return makeDecimal(Object.is(value, -0), 0n, 0)
  return parseDecimal(value.toPrecision(15)) ?? decimalNaN
}

export const decimalFromInteger = (value: bigint): Decimal => makeDecimal(value < 0n, value < 0n ? -value : value, 0)

/** The nearest Double. */
export function decimalToNumber(decimal: Decimal): number {
  const parts = decimalParts(decimal)
  if (parts.kind === 'nan') return Number.NaN
  const sign = parts.negative ? -1 : 1
  if (parts.kind === 'infinity') return sign * Number.POSITIVE_INFINITY
  return sign * Number(`${parts.coefficient}e${parts.exponent}`)
}

export function decimalToString(decimal: Decimal): string {
  const parts = decimalParts(decimal)
  if (parts.kind === 'nan') return 'NaN'
  const sign = parts.negative ? '-' : ''
  if (parts.kind === 'infinity') return `${sign}Infinity`
  const text = parts.coefficient.toString()
  const scientific = parts.exponent + text.length - 1
  if (parts.exponent > 0 || scientific < -6) {
    const mantissa = text.length > 1 ? `${text[0]}.${text.slice(1)}` : text
    return `${sign}${mantissa}E${scientific < 0 ? '' : '+'}${scientific}`
  }
  if (parts.exponent === 0) return sign + text
  const padded = text.padStart(1 - parts.exponent, '0')
  return `${sign}${padded.slice(0, parts.exponent)}.${padded.slice(parts.exponent)}`
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const x = decimalParts(a)
  const y = decimalParts(b)
  if (x.kind === 'nan' || y.kind === 'nan') return decimalNaN
  if (x.kind === 'infinity') return y.kind === 'infinity' && x.negative !== y.negative ? decimalNaN : a
  if (y.kind === 'infinity') return b
  const exponent = Math.min(x.exponent, y.exponent)
  const scaled = (part: typeof x) => {
    const whole = part.coefficient * 10n ** BigInt(part.exponent - exponent)
    return part.negative ? -whole : whole
  }
  const sum = scaled(x) + scaled(y)
  return makeDecimal(sum < 0n || (sum === 0n && x.negative && y.negative), sum < 0n ? -sum : sum, exponent)
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  const x = decimalParts(a)
  const y = decimalParts(b)
  if (x.kind === 'nan' || y.kind === 'nan') return decimalNaN
  const negative = x.negative !== y.negative
  if (x.kind === 'infinity' || y.kind === 'infinity') {
    const zero = (x.kind === 'finite' && x.coefficient === 0n) || (y.kind === 'finite' && y.coefficient === 0n)
    return zero ? decimalNaN : infinity(negative)
  }
  return makeDecimal(negative, x.coefficient * y.coefficient, x.exponent + y.exponent)
}

export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  const x = decimalParts(a)
  const y = decimalParts(b)
  if (x.kind === 'nan' || y.kind === 'nan') return decimalNaN
  const negative = x.negative !== y.negative
  if (x.kind === 'infinity') return y.kind === 'infinity' ? decimalNaN : infinity(negative)
  if (y.kind === 'infinity') return makeDecimal(negative, 0n, -bias)
  if (y.coefficient === 0n) return x.coefficient === 0n ? decimalNaN : infinity(negative)
  if (x.coefficient === 0n) return makeDecimal(negative, 0n, x.exponent - y.exponent)
  const extra = 72
  let coefficient = (x.coefficient * 10n ** BigInt(extra)) / y.coefficient
  const exact = coefficient * y.coefficient === x.coefficient * 10n ** BigInt(extra)
  let exponent = x.exponent - y.exponent - extra
  if (exact) {
    const ideal = x.exponent - y.exponent
    while (exponent < ideal && coefficient % 10n === 0n) {
      coefficient /= 10n
      exponent++
    }
  } else coefficient = coefficient * 10n + 1n
  return makeDecimal(negative, coefficient, exact ? exponent : exponent - 1)
}
