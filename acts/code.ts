import { randomBytes } from 'node:crypto'

/** Crockford's base32: without I, L, O and U, whose look-alikes are read as 1 and 0. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groups = 4
const groupLength = 4

/** A code of 80 random bits, such as `7KQ2-M4XA-…`: fit for a `?start=` link, and for typing off a screen. */
export function makeCode(): string {
  const characters = [...randomBytes(groups * groupLength)].map((byte) => alphabet[byte % alphabet.length])
  return Array.from({ length: groups }, (_, group) =>
    characters.slice(group * groupLength, (group + 1) * groupLength).join(''),
  ).join('-')
}

/** A code as somebody typed it, in any letter case, with or without dashes, as it is compared. */
export function normalised(code: string): string {
  return code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
}
