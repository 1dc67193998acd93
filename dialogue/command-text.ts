import { hasText, t } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import type { Skill } from './skill.ts'

/**
 * How a command is described to people: by the kind's own text, else by Rookery's.
 * @throws when there is neither, which stops the start
 */
export function commandText(kind: string, name: string, locale: Locale): string {
  const keys = [`${kind}.command.${name}`, `command.${name}`]
  const key = keys.find(hasText)
  if (!key) throw new Error(`The command /${name} of "${kind}" has no text: add ${keys[0]} to the kind's locales`)
  return t(locale, key)
}

/** The commands of a kind in the order of its skills, with /cancel, which every bot knows. */
export function commandNames(skills: readonly Skill[]): string[] {
  return [...new Set([...skills.flatMap(({ commands }) => Object.keys(commands ?? {})), 'cancel'])]
}
