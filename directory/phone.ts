import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js'
import { asTyped } from '../config/as-typed.ts'

/** `доб. 5`, `(ext. 5)`, `;ext=5`: who is to be called behind the number. */
const extension = /[\s,;(]*(?:доб(?:авочный)?|вн(?:утренний)?|ext(?:ension)?|ichki|[x#])[.:=\s]*\d{1,7}\)?$/iu

/** A phone number as the directory gets it and as numbers are compared: its digits alone, `79187777777`. */
export function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '')
}

/**
 * Whether both are one number, however they are written. A trunk prefix (8 for +7) is for the caller to resolve:
 * elsewhere it is a country's code.
 */
export function samePhone(one: string, other: string): boolean {
  return digitsOf(one) !== '' && digitsOf(one) === digitsOf(other)
}

/**
 * The digits of a number as a person types or copies it: `+998 90 123-45-67`, `8 918 777 77 77` where the country is
 * RU, `00998…`, `tel:+998…`.
 * An extension is left out. Undefined for what is no number, or stands on more than one line. Numbers of no country
 * that is known (a test's, a private network's) count where they begin with a plus.
 */
export function typedPhone(text: string, country?: string): string | undefined {
  const typed = asTyped(text)
    .replace(/^tel:\s*/i, '')
    .replace(extension, '')
    .replace(/^00(?=\d)/, '+')
  if (!/^\+?[\d \t().-]{5,25}$/.test(typed)) return undefined
  const known = parsePhoneNumberFromString(typed, isCountry(country) ? country : undefined)
  if (known?.isPossible()) return digitsOf(known.number)
  const digits = digitsOf(typed)
  if (typed.startsWith('+') && !known && digits.length >= 7 && digits.length <= 15) return digits
  // Whole, as it stands in a directory: 79187777777, 998901234567.
  const whole = digits.length >= 10 ? parsePhoneNumberFromString(`+${digits}`) : undefined
  return whole?.isValid() ? digits : undefined
}

/** A country by its two letters, as numbers of it may be typed without its code. */
export function isCountry(code: string | undefined): code is CountryCode {
  return code !== undefined && isSupportedCountry(code)
}

/**
 * The calling code (`998`) that a person means by it or by the country's two letters; undefined where no country has
 * it.
 */
export function callingCodeIn(text: string): string | undefined {
  const typed = text.trim().toUpperCase()
  if (isCountry(typed)) return getCountryCallingCode(typed)
  const code = /^(?:\+|00)?(\d{1,3})$/.exec(typed)?.[1]
  return getCountries().some((country) => getCountryCallingCode(country) === code) ? code : undefined
}
