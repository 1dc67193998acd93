import type { Locale } from './locales.ts'

/**
 * A date as a person reads it, by the clocks of a zone: `Monday, November 30, 2026 at 09:00`, `30 ноября 2026 г.
 * (понедельник), 09:00`.
 * It reads right after the word for until as well, which would put a weekday before it into another case.
 */
export function dateInWords(locale: Locale, date: Date, timeZone: string): string {
  const inWords = (style: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...style, hourCycle: 'h23', timeZone }).format(date)
  if (locale === 'en') return inWords({ dateStyle: 'full', timeStyle: 'short' })
  const [day, weekday, time] = [
    inWords({ dateStyle: 'long' }),
    inWords({ weekday: 'long' }),
    inWords({ timeStyle: 'short' }),
  ]
  return `${day} (${weekday}), ${time}`
}
