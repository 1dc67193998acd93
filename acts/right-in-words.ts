import { t } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import type { Role } from '../models/right.ts'
import { someNames } from './some-names.ts'

/** A right in a few words: "admin · Shop, Bank"; `null` is the right to all bots. */
export function rightInWords(locale: Locale, role: Role, bots: readonly { name: string }[] | null): string {
  return `${t(locale, `role.${role}`)} · ${bots ? someNames(bots) : t(locale, 'role.allBots')}`
}
