import { type TextKey, t } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import type { Skill } from './skill.ts'

/** How a command is described to people: by the kind's own text, else by Rookery's. */
export function commandText(kind: string, name: string, locale: Locale): string {
  const own = `${kind}.command.${name}` as TextKey
  const text = t(locale, own)
  return text === own ? t(locale, `command.${name}` as TextKey) : text
}

/** The commands of a kind in the order of its skills, with /cancel, which every bot knows. */
export function commandNames(skills: readonly Skill[]): string[] {
  return [...new Set([...skills.flatMap(({ commands }) => Object.keys(commands ?? {})), 'cancel'])]
}
