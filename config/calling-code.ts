/** The calling codes of two digits; 1 and 7 stand alone, and all others have three (ITU-T E.164, annex D). */
const twoDigits = new Set(
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  ),
)

/** The country prefix of a number in international form, digits alone: `998` of `998901234567`. */
export function callingCode(digits: string): string {
  if (digits.startsWith('1') || digits.startsWith('7')) return digits.slice(0, 1)
  const two = digits.slice(0, 2)
  return twoDigits.has(two) ? two : digits.slice(0, 3)
}
