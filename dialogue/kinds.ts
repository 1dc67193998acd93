import type { Kind } from './kind.ts'

let kinds: ReadonlyMap<string, Kind> = new Map()

/** Makes the kinds of this process known; the composition root does it once, so that no skill imports a list of kinds. */
export function registerKinds(list: readonly Kind[]): ReadonlyMap<string, Kind> {
  const ids = list.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice) throw new Error(`Two kinds have the id "${twice}": give one of them another`)
  kinds = new Map(list.map((kind) => [kind.id, kind]))
  return kinds
}

/** The ids of all kinds, in the order of their registration. */
export function kindIds(): string[] {
  return [...kinds.keys()]
}
