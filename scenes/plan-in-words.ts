import { dateInWords } from '../config/date-in-words.ts'
import { t } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import type { Plan } from '../models/notification.ts'

/** When something is said, in words: a date by the clocks of a zone, or how it comes again. */
export function planInWords(locale: Locale, plan: Plan, zone: string): string {
  if ('at' in plan) return dateInWords(locale, plan.at, zone)
  const { cron, timezone, until, times } = plan
  return [
    cronInWords(locale, cron),
    ...(until ? [t(locale, 'plan.until', { date: dateInWords(locale, until, timezone) })] : []),
    ...(times === undefined ? [] : [t(locale, 'plan.times', { count: times })]),
  ].join(', ')
}

/** The lines that our own words make are put back into words; another is shown as it is. */
function cronInWords(locale: Locale, cron: string): string {
  if (cron === '0 * * * *') return t(locale, 'plan.hourly')
  const [, minute = '', hour = '', days = ''] = /^(\d{1,2}) (\d{1,2}) \* \* ([1-7]|1-5|6,7|\*)$/.exec(cron) ?? []
  if (!days) return t(locale, 'plan.cron', { cron })
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (days === '*') return t(locale, 'plan.daily', { time })
  if (days === '1-5') return t(locale, 'plan.workdays', { time })
  if (days === '6,7') return t(locale, 'plan.weekends', { time })
  return t(locale, 'plan.weekly', { day: weekdayName(locale, Number(days)), time })
}

function weekdayName(locale: Locale, nth: number): string {
  // The first of January 2024 was a Monday.
  return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, nth)))
}
