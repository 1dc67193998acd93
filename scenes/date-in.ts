import { locales } from '../config/locales.ts'

/** A day as somebody writes it; `written` is that its year is. */
export type WrittenDate = { year: number; month: number; day: number; written: boolean }

/**
 * `2026-12-01`, `01.12.2026`, `1.12`, `december 1`, `1 декабря 2026`, `1-dekabr`, in small letters; a day that the
 * month does not have is none.
 * Without its year it is of `thisYear`.
 */
export function dateIn(text: string, thisYear: number): WrittenDate | undefined {
  const [year, month, day] = inDigits(text) ?? withMonth(text) ?? []
  if (!month || !day) return undefined
  const date = { year: Number(year ?? thisYear), month: Number(month), day: Number(day) }
  const real = new Date(Date.UTC(date.year, date.month - 1, date.day))
  if (real.getUTCDate() !== date.day || real.getUTCMonth() !== date.month - 1) return undefined
  return { ...date, written: year !== undefined }
}

type Parts = [year: string | undefined, month: string | undefined, day: string | undefined]

function inDigits(text: string): Parts | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  if (iso) return [iso[1], iso[2], iso[3]]
  const dotted = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?$/.exec(text)
  return dotted ? [dotted[3], dotted[2], dotted[1]] : undefined
}

const day = '(?<day>\\d{1,2})(?:st|nd|rd|th)?'
const name = '(?<name>\\p{L}{3,})\\.?'
const year = '(?<year>\\d{4})(?: ?(?:г\\.?|года|-? ?yil))?'
const orders = [
  `${day}(?:-| | of )${name}(?: ${year})?`,
  `${name} ${day}(?: ${year})?`,
  `${year} ${day}[- ]${name}`,
].map((order) => new RegExp(`^(?:the )?${order}$`, 'u'))

function withMonth(text: string): Parts | undefined {
  const found = orders.map((order) => order.exec(text)?.groups).find(Boolean)
  const month = found?.name && monthNamed(found.name)
  return month ? [found.year, String(month), found.day] : undefined
}

/** The names as they stand in a date (`1 декабря`, `1-dekabr`), long and short. */
const months = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((month) =>
  locales.flatMap((locale) => namesOf(month, locale)),
)

function namesOf(month: number, locale: string): string[] {
  return (['long', 'short'] as const).map((style) => {
    const parts = new Intl.DateTimeFormat(locale, { day: 'numeric', month: style, timeZone: 'UTC' }).formatToParts(
      new Date(Date.UTC(2024, month, 1)),
    )
    const named = parts.find(({ type }) => type === 'month')?.value ?? ''
    return named.toLowerCase().replace(/\.$/, '')
  })
}

function monthNamed(named: string): number | undefined {
  const nth = months.findIndex((names) => names.includes(named))
  return nth < 0 ? undefined : nth + 1
}
