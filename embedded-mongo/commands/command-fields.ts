import { truthy } from '../aggregate/scope.ts'
import type { Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { type CommandSupport, commands, everyCommand } from '../supported.ts'

interface Fields {
  path: string
  open: boolean
  known: ReadonlySet<string>
  refused: readonly string[]
  statements: readonly [string, Fields][]
}

function fieldsOf(path: string, support: CommandSupport, always: readonly string[]): Fields {
  const { options, refused = [], statements = {}, open = false } = support
  return {
    path,
    open,
    known: new Set([...always, ...options, ...refused]),
    refused,
    statements: Object.entries(statements).map(([name, each]) => [name, fieldsOf(`${path}.${name}`, each, [])]),
  }
}

const fieldsByCommand: ReadonlyMap<string, Fields> = new Map(
  Object.entries(commands).flatMap(([name, support]) =>
    [name, ...(support.aliases ?? [])].map((each) => [each, fieldsOf(each, support, [each, ...everyCommand])] as const),
  ),
)

/** Refuses whatever a command carries that this store would have to pass over. */
export function checkFields(name: string, command: Doc): void {
  const fields = fieldsByCommand.get(name)
  if (fields && !fields.open) check(fields, command)
}

function check({ path, known, refused, statements }: Fields, given: Doc): void {
  for (const name of given.keys())
    if (!known.has(name)) fail(40415, `BSON field '${path}.${name}' is an unknown field.`)
  for (const name of refused) {
    const value = given.get(name)
    const asks = value instanceof Map ? value.size > 0 : truthy(value)
    if (asks) fail(115, `'${path}.${name}' is not supported by the embedded store`)
  }
  const collation = given.get('collation')
  if (collation instanceof Map && collation.size > 0 && collation.get('locale') !== 'simple')
    fail(115, 'collation is not supported by the embedded store, except the locale "simple"')
  for (const [name, fields] of statements) {
    const list = given.get(name)
    if (Array.isArray(list)) for (const each of list) if (each instanceof Map) check(fields, each)
  }
}
