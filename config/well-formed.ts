/** Whether a text has only characters that every messenger and every store takes: no U+0000, no half of an emoji. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

export const malformed = 'has characters that no messenger takes: U+0000 or half an emoji'
