import { ConfigError } from '../config/errors.ts'
import { locales } from '../config/locales.ts'
import { commandNames, commandText } from './command-text.ts'
import type { Kind } from './kind.ts'
import { scenesOf } from './scenes.ts'

let kinds: ReadonlyMap<string, Kind> = new Map()

/**
 * Makes the kinds of this process known; the composition root does it once, so that no skill imports a list of kinds.
 * @throws ConfigError when a kind cannot work: two of one id, a command without a text, two scenes of one id
 */
export function registerKinds(list: readonly Kind[]): ReadonlyMap<string, Kind> {
  const ids = list.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice) throw new ConfigError(`Two kinds have the id "${twice}": give one of them another`)
  for (const kind of list) check(kind)
  kinds = new Map(list.map((kind) => [kind.id, kind]))
  return kinds
}

function check(kind: Kind): void {
  try {
    scenesOf(kind.skills)
    for (const name of commandNames(kind.skills)) for (const locale of locales) commandText(kind.id, name, locale)
  } catch (error) {
    throw new ConfigError(`The kind "${kind.id}" cannot run: ${(error as Error).message}`, { cause: error })
  }
}

/** The ids of all kinds, in the order of their registration. */
export function kindIds(): string[] {
  return [...kinds.keys()]
}

/** The endpoints that any of these kinds have, by their aliases. */
export function aliasesOf(ids: readonly string[]): string[] {
  const aliases = ids.flatMap((id) => [...(kinds.get(id)?.endpoints.keys() ?? [])])
  return [...new Set(aliases)].sort()
}
