import { addTexts, type TextKey, type Translations } from '../config/i18n.ts'
import type { AnyEndpoint } from './endpoint.ts'
import type { Skill } from './skill.ts'

/** The code behind a bot: a list of skills. */
export type Kind = {
  readonly id: string
  readonly skills: readonly Skill[]
  /** Nothing of it opens in groups. */
  readonly privateOnly: boolean
  readonly endpoints: ReadonlyMap<string, AnyEndpoint>
  readonly roles: RoleMenus
}

/**
 * The buttons of the first page, by the keys of their texts, for a `guest` and for each role that the directory
 * gives.
 */
export type RoleMenus = { readonly [role: string]: readonly TextKey[] }

type KindParts = {
  id: string
  skills: readonly Skill[]
  privateOnly?: true
  roles?: RoleMenus
  locales?: Translations
}

/**
 * Defines a kind of bot as a table of contents. `locales` are the kind's own texts, merged under its id; with
 * `privateOnly` nothing of it
 * opens in groups. A role that `roles` does not name, and everybody where there are none, sees the buttons that are
 * for guests or for who is linked.
 * @throws when `roles` names a button that no skill has, and when two skills claim one command, scene or endpoint
 */
export function defineKind(kind: KindParts): Kind {
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
  const buttons = new Set(kind.skills.flatMap((skill) => Object.keys(skill.buttons ?? {})))
  for (const [role, keys] of Object.entries(kind.roles ?? {})) {
    const missing = keys.find((key) => !buttons.has(key))
    if (missing)
      throw new Error(`Kind "${kind.id}" shows the role "${role}" the button "${missing}", which no skill has`)
  }
  return {
    id: kind.id,
    skills: kind.skills,
    privateOnly: kind.privateOnly ?? false,
    roles: kind.roles ?? {},
    endpoints: new Map(endpoints.map((endpoint) => [endpoint.alias, endpoint])),
  }
}

function unique(kind: string, what: string, names: string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw new Error(`Kind "${kind}" has the ${what} "${twice}" twice: two of its skills claim it`)
}
