import type { Whom } from '../acts/schedules.ts'
import type { TextKey, TextParams } from '../config/i18n.ts'

/** Whom a message is for, in the words of whoever is spoken to. */
export function whomInWords(speaker: { t(key: TextKey, params?: TextParams): string }, whom: Whom): string {
  if ('name' in whom) return whom.name
  return 'everybody' in whom
    ? speaker.t('schedules.everybody', { count: whom.everybody })
    : speaker.t('schedules.people', { count: whom.people })
}
