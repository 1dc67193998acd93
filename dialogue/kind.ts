import { addTexts, type Translations } from '../config/i18n.ts'
import type { AnyEndpoint } from './endpoint.ts'
import type { Skill } from './skill.ts'

/** The code behind a bot: a list of skills. */
export type Kind = {
  readonly id: string
  readonly skills: readonly Skill[]
  readonly endpoints: ReadonlyMap<string, AnyEndpoint>
}

/**
 * Defines a kind of bot as a table of contents. `locales` are the kind's own texts, merged under its id.
 * @throws when two skills claim one command, scene or endpoint
 */
export function defineKind(kind: { id: string; skills: readonly Skill[]; locales?: Translations }): Kind {
  if (kind.locales) addTexts(kind.id, kind.locales)
  unique(
    kind.id,
    'command',
    kind.skills.flatMap((skill) => Object.keys(skill.commands ?? {})),
  )
  unique(
    kind.id,
    'menu',
    kind.skills.flatMap((skill) => (skill.menus ?? []).map(({ id }) => id)),
  )
  const endpoints = kind.skills.flatMap((skill) => skill.endpoints ?? [])
  unique(
    kind.id,
    'endpoint',
    endpoints.map(({ alias }) => alias),
  )
  return {
    id: kind.id,
    skills: kind.skills,
    endpoints: new Map(endpoints.map((endpoint) => [endpoint.alias, endpoint])),
  }
}

function unique(kind: string, what: string, names: string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw new Error(`Kind "${kind}" has the ${what} "${twice}" twice: two of its skills claim it`)
}
