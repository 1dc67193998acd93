import { type TextKey, t } from '../config/i18n.ts'
import { locales } from '../config/locales.ts'
import { instantOf, localTime } from '../config/time-zone.ts'
import { objectionToPlan } from '../delivery/plan.ts'
import type { Plan } from '../models/notification.ts'
import { dateIn } from './date-in.ts'

type TimeOfDay = { hour: number; minute: number }
type Clock = { zone: string; now: Date }

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const
const morning: TimeOfDay = { hour: 9, minute: 0 }
const minuteMs = 60_000

/**
 * The plan that somebody means in plain words of any of our languages, by the clocks of a zone: `in 2 hours`,
 * `tomorrow 18:30`, `2026-12-01 10:00`,
 * `every monday 9:00`, or a cron line. Undefined when it is not understood. What the words mean is in the locales
 * under `when.`, phrases
 * parted by `|`, a number being `#`.
 */
export function planIn(typed: string, clock: Clock): Plan | undefined {
  const text = plain(typed)
  return cronLine(text, clock) ?? instant(text) ?? fromNow(text, clock) ?? often(text, clock) ?? onDay(text, clock)
}

function cronLine(cron: string, { zone: timezone }: Clock): Plan | undefined {
  const plan = { cron, timezone }
  return /^[\d*]/.test(cron) && !objectionToPlan(plan) ? plan : undefined
}

/** ISO 8601 with its offset, as a machine writes it. */
function instant(text: string): Plan | undefined {
  if (!/^\d{4}-\d\d-\d\dt\d\d:\d\d(:\d\d(\.\d+)?)?(z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const at = new Date(text.toUpperCase())
  return Number.isNaN(at.getTime()) ? undefined : { at }
}

/**
 * Every hour, or every so many minutes or hours, if that comes out even in an hour or a day: what a cron line can
 * say.
 */
function often(text: string, { zone: timezone }: Clock): Plan | undefined {
  if (phrase('when.hourly', text)) return { cron: '0 * * * *', timezone }
  const [minutes, hours] = [phrase('when.everyMinutes', text), phrase('when.everyHours', text)]
  if (minutes && 60 % Number(minutes[1]) === 0) return { cron: `*/${minutes[1]} * * * *`, timezone }
  if (hours && 24 % Number(hours[1]) === 0) return { cron: `0 */${hours[1]} * * *`, timezone }
  return undefined
}

/** So many minutes, hours, days or weeks from now. */
function fromNow(text: string, { now }: Clock): Plan | undefined {
  const units = [
    ['when.halfHour', 30],
    ['when.hourAndHalf', 90],
    ['when.minutes', 1],
    ['when.hours', 60],
    ['when.days', 1440],
    ['when.weeks', 10_080],
  ] as const
  for (const [key, minutes] of units) {
    const found = phrase(key, text)
    if (found) return { at: new Date(now.getTime() + Number(found[1] ?? 1) * minutes * minuteMs) }
  }
  return undefined
}

/** A day, or the days that come again, and a time of day; without one it is nine in the morning. */
function onDay(text: string, clock: Clock): Plan | undefined {
  const { rest, time } = timeIn(text)
  return again(rest, time ?? morning, clock) ?? once(rest, time, clock)
}

function again(day: string, { hour, minute }: TimeOfDay, { zone: timezone }: Clock): Plan | undefined {
  const on = (days: string): Plan => ({ cron: `${minute} ${hour} * * ${days}`, timezone })
  if (phrase('when.daily', day)) return on('*')
  if (phrase('when.workdays', day)) return on('1-5')
  if (phrase('when.weekends', day)) return on('6,7')
  const weekday = weekdays.find((nth) => phrase(`when.each.${nth}`, day))
  return weekday && on(String(weekday))
}

function once(day: string, time: TimeOfDay | undefined, { zone, now }: Clock): Plan | undefined {
  const today = localTime(zone, now)
  const on = (date: { year: number; month: number; day: number }): Date =>
    instantOf(zone, { ...date, ...(time ?? morning) })
  const inDays = (days: number) => on({ ...today, day: today.day + days })
  const ahead = (days: number, again: number) => (inDays(days) > now ? inDays(days) : inDays(days + again))
  if (day === '') return time && { at: ahead(0, 1) }
  if (phrase('when.today', day)) return { at: inDays(0) }
  if (phrase('when.tomorrow', day)) return { at: inDays(1) }
  if (phrase('when.dayAfter', day)) return { at: inDays(2) }
  const weekday = weekdays.find((nth) => phrase(`when.day.${nth}`, day))
  const present = new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay()
  if (weekday) return { at: ahead((weekday - present + 7) % 7, 7) }
  // A date without its year is the next of its kind: the 29th of February may be eight years off.
  const dates = Array.from({ length: 9 }, (_, years) => dateIn(day, today.year + years)).filter(
    (date) => date !== undefined,
  )
  const date = dates.find((one) => one.written || on(one) > now)
  return date && { at: on(date) }
}

/** The time of day that a text ends or begins with, and what is left of it. */
function timeIn(text: string): { rest: string; time?: TimeOfDay } {
  const at = `(?:(?:${words('when.at').join('|')}) )?`
  const time = `${at}(?<hour>\\d{1,2})(?:[:.](?<minute>\\d{2}))?(?: ?(?<half>am|pm))?(?: da)?`
  // With a colon or the like first: the number of a date is no time.
  for (const pattern of [`^(?<rest>.*?)(?:^| |t)${time}$`, `^${time} (?<rest>.+)$`]) {
    const { rest = '', hour, minute = '0', half } = new RegExp(pattern, 'u').exec(text)?.groups ?? {}
    if (hour === undefined || dateIn(text, 2000)) continue
    const of = { hour: (half ? Number(hour) % 12 : Number(hour)) + (half === 'pm' ? 12 : 0), minute: Number(minute) }
    if (of.hour < 24 && of.minute < 60) return { rest: rest.trim(), time: of }
  }
  return { rest: text }
}

function phrase(key: TextKey, text: string): RegExpExecArray | null {
  const any = words(key).map((one) => one.replace('#', '(\\d{1,4})'))
  for (const one of any) {
    const found = new RegExp(`^${one}$`, 'u').exec(text)
    if (found) return found
  }
  return null
}

/** The phrases of all languages: an admin may type in another than Metabot speaks with them. */
function words(key: TextKey): string[] {
  return locales.flatMap((locale) => plain(t(locale, key)).split('|'))
}

/** Small letters, single spaces, one sort of apostrophe, no commas. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[’‘'`ʼ]/g, 'ʻ')
    .replace(/[,!]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '')
}
