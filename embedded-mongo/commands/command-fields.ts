import { truthy } from '../aggregate/scope.ts'
import { type Doc, isNumeric, typeName, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { type CommandSupport, commands, everyCommand, fieldTypes } from '../supported.ts'

interface Fields {
  path: string
  open: boolean
  known: ReadonlySet<string>
  refused: readonly string[]
  required: readonly string[]
  statements: readonly [string, Fields][]
}

function fieldsOf(path: string, support: CommandSupport, always: readonly string[]): Fields {
  const { options, refused = [], required = [], statements = {}, open = false } = support
  return {
    path,
    open,
    known: new Set([...always, ...options, ...refused]),
    refused,
    required,
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

const typeOfField: ReadonlyMap<string, string> = new Map(
  Object.entries(fieldTypes).flatMap(([type, names]) => names.map((name) => [name, type] as const)),
)

const isOf = (type: string, value: Value): boolean =>
  type === 'bool'
    ? typeof value === 'boolean' || isNumeric(value)
    : type === 'array'
      ? Array.isArray(value)
      : value instanceof Map

function check({ path, known, refused, required, statements }: Fields, given: Doc): void {
  for (const name of given.keys())
    if (!known.has(name)) fail(40415, `BSON field '${path}.${name}' is an unknown field.`)
  for (const name of refused) {
    const value = given.get(name)
    const asks = value instanceof Map ? value.size > 0 : truthy(value)
    if (asks) fail(115, `'${path}.${name}' is not supported by the embedded store`)
  }
  for (const [name, value] of given) {
    const type = typeOfField.get(name)
    if (type !== undefined && value !== null && !isOf(type, value))
      fail(14, `BSON field '${path}.${name}' is the wrong type '${typeName(value)}', expected type '${type}'`)
  }
  for (const name of required)
    if (!given.has(name)) fail(40414, `BSON field '${path}.${name}' is missing but a required field`)
  const collation = given.get('collation')
  if (collation instanceof Map && collation.size > 0 && collation.get('locale') !== 'simple')
    fail(115, 'collation is not supported by the embedded store, except the locale "simple"')
  for (const [name, fields] of statements) {
    const list = given.get(name)
    for (const [at, each] of Array.isArray(list) ? list.entries() : []) {
      if (each instanceof Map) check(fields, each)
      else fail(14, `BSON field '${path}.${name}.${at}' is the wrong type '${typeName(each)}', expected type 'object'`)
    }
  }
}
