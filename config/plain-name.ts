const turning = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/**
 * A name as it may be shown between other words: without control characters, and without those that turn the direction of writing, by
 * which a name could make what stands after it read otherwise. Joiners stay: emoji and some scripts need them.
 */
export function plainName(name: string): string {
  return (
    name
      .replace(turning, '')
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim() || '–'
  )
}
