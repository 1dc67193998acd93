import type { Locale } from '../config/locales.ts'
import { storeTime } from '../models/store-clock.ts'

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** When something is, seen from now, in words that need no time zone: "5 minutes ago", "in 24 hours". */
export function fromNow(locale: Locale, date: Date, now = storeTime().getTime()): string {
  const ms = date.getTime() - now
  const [unit, length] = units.find(([, one]) => Math.abs(ms) >= one) ?? units[3]
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(ms / length), unit)
}
