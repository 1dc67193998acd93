import { ratio } from '../bson/compare.ts'
import { addDecimals, decimalFromDouble, decimalFromInteger, makeDecimal } from '../bson/decimal.ts'
import { Decimal, Int32, type Numeric } from '../bson/values.ts'

/**
 * What `$add`, `$sum` and `$avg` add up: whole numbers exactly, Doubles with what rounding has cut off kept beside them
 * (0.1 ten times is 1), Decimal128s by themselves. The result is of the widest type.
 */
export class Total {
  #whole = 0n
  #longs = false
  #doubles = false
  #sum = 0
  #cutOff = 0
  #decimal: Decimal | undefined

  add(value: Numeric): void {
    if (value instanceof Int32) this.#whole += BigInt(value.value)
    else if (value instanceof Decimal) this.#decimal = this.#decimal ? addDecimals(this.#decimal, value) : value
    else if (typeof value === 'number') {
      this.#doubles = true
      this.#addDouble(value)
    } else {
      this.#longs = true
      this.#whole += value
    }
  }

  #addDouble(value: number): void {
    const sum = this.#sum + value
    const taken = sum - this.#sum
    if (Number.isFinite(sum)) this.#cutOff += this.#sum - (sum - taken) + (value - taken)
    else this.#cutOff = 0
    this.#sum = sum
  }

  result(): Numeric {
    if (this.#decimal) {
      const doubles = addDecimals(exactly(this.#sum), exactly(this.#cutOff))
      return addDecimals(this.#decimal, addDecimals(doubles, decimalFromInteger(this.#whole)))
    }
    if (!this.#doubles && !this.#longs && BigInt.asIntN(32, this.#whole) === this.#whole)
      return new Int32(Number(this.#whole))
    if (!this.#doubles && BigInt.asIntN(64, this.#whole) === this.#whole) return this.#whole
    const near = Number(this.#whole)
    if (this.#whole !== 0n) for (const part of [near, Number(this.#whole - BigInt(near))]) this.#addDouble(part)
    this.#whole = 0n
    return this.#sum + this.#cutOff
  }
}

/** All digits of a Double that a Decimal128 has room for. */
function exactly(value: number): Decimal {
  if (value === 0 || !Number.isFinite(value)) return decimalFromDouble(value)
  const { top, bottom } = ratio(value)
  const power = bottom.toString(2).length - 1
  return makeDecimal(value < 0, (top < 0n ? -top : top) * 5n ** BigInt(power), -power)
}
