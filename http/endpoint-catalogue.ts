import { z } from 'zod'
import { ConfigError } from '../config/errors.ts'
import type { AnyEndpoint } from '../dialogue/endpoint.ts'
import type { Kind } from '../dialogue/kind.ts'

/** An endpoint as the page of the API shows it: what it takes and answers as JSON Schema, its skill, the kinds that have it. */
export type CatalogueEntry = {
  alias: string
  summary: string
  skill: string
  kinds: string[]
  params: object
  answer: object
  /** Parameters to begin with: the first example of the schema's `meta`. */
  example: unknown
}

/** All endpoints of all kinds, each once. @throws ConfigError when two kinds mean different things by one alias */
export function catalogueOf(kinds: readonly Kind[]): CatalogueEntry[] {
  const entries = new Map<string, CatalogueEntry>()
  for (const kind of kinds) {
    for (const { id: skill, endpoints = [] } of kind.skills) {
      for (const endpoint of endpoints) {
        const entry = entryOf(endpoint, skill, kind.id)
        const known = entries.get(entry.alias)
        if (!known) entries.set(entry.alias, entry)
        else if (sameContract(known, entry)) known.kinds.push(kind.id)
        else throw clash(known, kind)
      }
    }
  }
  return [...entries.values()]
}

function entryOf({ alias, contract }: AnyEndpoint, skill: string, kind: string): CatalogueEntry {
  const { summary, params, answer } = contract
  return {
    alias,
    summary,
    skill,
    kinds: [kind],
    params: jsonSchema(params),
    answer: jsonSchema(answer),
    // Read here, since it is left out of the JSON Schema of what transforms.
    example: params.meta()?.examples?.[0],
  }
}

/** As it is written, also for answers: as output it would forbid the `success` that stands beside them. */
function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

function sameContract(a: CatalogueEntry, b: CatalogueEntry): boolean {
  return JSON.stringify([a.params, a.answer]) === JSON.stringify([b.params, b.answer])
}

function clash({ alias, kinds }: CatalogueEntry, { id }: Kind): ConfigError {
  return new ConfigError(
    `The kinds "${kinds[0]}" and "${id}" both have an endpoint "${alias}", with different schemas; rename one, or share the endpoint`,
  )
}
