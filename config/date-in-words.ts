import type { Locale } from './locales.ts'

/** A date as a person reads it, by the clocks of a zone: `Mon, 30 Nov 2026, 09:00`. */
export function dateInWords(locale: Locale, date: Date, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23', timeZone }).format(
    date,
  )
}
