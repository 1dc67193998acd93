/** A phone number as the directory gets it and as numbers are compared: its digits alone, `79187777777`. */
export function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '')
}

/** Whether both are one number, however they are written. A trunk prefix (8 for +7) is for the caller to resolve: elsewhere it is a country's code. */
export function samePhone(one: string, other: string): boolean {
  return digitsOf(one) !== '' && digitsOf(one) === digitsOf(other)
}
