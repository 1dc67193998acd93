import { type FormattedText, sliceFormatted, trimFormatted } from './formatted-text.ts'

/**
 * Splits a text into parts of at most `limit` UTF-16 units, at the end of a line if one lies in the part's second half,
 * else between words, else anywhere but within a character. The entities are cut along with the text.
 */
export function splitText(whole: FormattedText, limit: number): FormattedText[] {
  if (limit < 2) throw new RangeError('A part needs room for at least 2 UTF-16 units')
  const parts: FormattedText[] = []
  let rest = trimFormatted(whole)
  while (rest.text.length > limit) {
    const cut = findCut(rest.text, limit)
    const part = trimFormatted(sliceFormatted(rest, 0, cut))
    if (part.text) parts.push(part)
    rest = trimFormatted(sliceFormatted(rest, cut, rest.text.length))
  }
  return rest.text ? [...parts, rest] : parts
}

function findCut(text: string, limit: number): number {
  const line = text.lastIndexOf('\n', limit)
  if (line >= limit / 2) return line
  const word = Math.max(text.lastIndexOf(' ', limit), line)
  if (word > 0) return word
  return isLowSurrogate(text, limit) ? limit - 1 : limit
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code < 0xe000
}
