/** The languages that Rookery itself speaks; the first is what every text falls back to. */
export const locales = ['en', 'ru', 'uz'] as const
export type Locale = (typeof locales)[number]

/** The locale of a language tag (`ru-RU` -> `ru`), or undefined when Rookery does not speak it. */
export function localeOf(tag: string | undefined): Locale | undefined {
  const language = tag?.toLowerCase().split(/[-_]/)[0]
  return locales.find((locale) => locale === language)
}
