import i18next from 'i18next'
import { escapeHtml } from '../bot-api/html.ts'
import en from '../locales/en.json' with { type: 'json' }
import ru from '../locales/ru.json' with { type: 'json' }
import uz from '../locales/uz.json' with { type: 'json' }
import { type Locale, locales } from './locales.ts'

declare global {
  /** Texts of authors' kinds: `interface RookeryTexts { shop: typeof import('./locales/en.json') }` types the keys `shop.…`. */
  interface RookeryTexts {}
}

type Texts = { readonly [key: string]: string | Texts }
type Plural<K extends string> = K extends `${infer Stem}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}`
  ? Stem
  : K
type Leaves<T> = {
  [K in keyof T & string]: T[K] extends string ? Plural<K> : `${K}.${Leaves<T[K]>}`
}[keyof T & string]
type AuthorsKeys = { [K in keyof RookeryTexts & string]: `${K}.${Leaves<RookeryTexts[K]>}` }[keyof RookeryTexts &
  string]

/** A text's name, as en.json spells it: `link.askPhone`. */
export type TextKey = Leaves<typeof en> | AuthorsKeys
export type TextParams = Record<string, unknown>
/** One text in the languages of Rookery. */
export type Translations = Partial<Record<Locale, Texts>>

const i18n = i18next.createInstance()
await i18n.init({
  resources: { en: { translation: en }, ru: { translation: ru }, uz: { translation: uz } },
  fallbackLng: locales[0],
  interpolation: { escape: escapeHtml },
  returnNull: false,
})

/** A text as it stands, for buttons, toasts and plain messages. */
export function t(locale: Locale, key: TextKey, params: TextParams = {}): string {
  return i18n.t(key, { ...params, lng: locale, interpolation: { escapeValue: false } })
}

/** A text as Telegram HTML: the markup is the text's own, the parameters are escaped. */
export function tHtml(locale: Locale, key: TextKey, params: TextParams = {}): string {
  return i18n.t(key, { ...params, lng: locale, interpolation: { escapeValue: true } })
}

/** One text in all languages, for people whose language is known only when it is sent; parameters may be in that language too. */
export function tAll(key: TextKey, params: TextParams | ((locale: Locale) => TextParams) = {}): Record<Locale, string> {
  const paramsIn = typeof params === 'function' ? params : () => params
  const texts = locales.map((locale) => [locale, tHtml(locale, key, paramsIn(locale))])
  return Object.fromEntries(texts) as Record<Locale, string>
}

/** Merges the texts of a kind under its id: `{ ask: 'Name?' }` of the kind `shop` is `shop.ask`. */
export function addTexts(kind: string, translations: Translations): void {
  for (const [locale, texts] of Object.entries(translations)) {
    i18n.addResourceBundle(locale, 'translation', { [kind]: texts }, true, true)
  }
}

export function hasText(key: string): key is TextKey {
  return i18n.exists(key)
}
