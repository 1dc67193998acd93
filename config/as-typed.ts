const unseen = /[\p{Bidi_Control}\u200b\u2060\ufeff]/gu

/**
 * What a person typed or pasted, by what they see: full-width digits are digits, and the marks of direction that an
 * address book or a messenger
 * puts around a number are not there. For what is compared (numbers, IDs, codes), not for names of people.
 */
export function asTyped(text: string): string {
  return text
    .normalize('NFKC')
    .replace(unseen, '')
    .replace(/[\p{Dash}]/gu, '-')
    .trim()
}
