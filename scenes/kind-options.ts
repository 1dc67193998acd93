import { metabotKind } from '../acts/authorise.ts'
import { type TextKey, t } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import { kindIds } from '../dialogue/kinds.ts'
import type { Option } from '../dialogue/talk.ts'

/** The kinds of bots that an admin may pick. */
export function kindOptions(locale: Locale): Option<string>[] {
  return kindIds()
    .filter((kind) => kind !== metabotKind)
    .map((kind) => ({ value: kind, label: kindName(kind, locale) }))
}

/** What people call a kind: an author's own text `kind.name`, Rookery's for its own, else the id. */
export function kindName(kind: string, locale: Locale): string {
  const texts = [`${kind}.kind.name`, `kind.${kind}.name`].map((key) => [key, t(locale, key as TextKey)])
  return texts.find(([key, text]) => key !== text)?.[1] ?? kind
}
