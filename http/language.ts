import { type Locale, localeOf } from '../config/locales.ts'

/** The best language of an Accept-Language header that we speak. */
export function acceptedLocale(header: string | undefined): Locale | undefined {
  if (!header) return undefined
  return header
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().split(/\s*;\s*/)
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return { locale: localeOf(tag), quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ locale, quality }) => locale && quality > 0)
    .sort((a, b) => b.quality - a.quality)[0]?.locale
}
