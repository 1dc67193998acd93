import { type Doc, int, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { matches } from '../match/filter.ts'
import { parseFilter } from '../match/parse-filter.ts'
import type { Collection } from '../store/collection.ts'
import { collectionName, collectionOf, countOption, fields, flag, type Handler, ok } from './context.ts'
import { encoded, idSpecification } from './indexes.ts'

export const create: Handler = (context, command) => {
  const name = collectionName(command)
  if (collectionOf(context, command)) fail(48, `Collection ${context.database}.${name} already exists.`)
  context.catalog.create(context.database, name)
  return ok()
}

export const drop: Handler = (context, command) => {
  const collection = collectionOf(context, command)
  if (!collection) return ok()
  const count = collection.indexes.length + 1
  context.catalog.drop(collection)
  context.cursors.killOf(collection.namespace)
  return ok({ nIndexesWas: int(count), ns: collection.namespace })
}

export const dropDatabase: Handler = (context) => {
  for (const collection of context.catalog.all(context.database)) {
    context.catalog.drop(collection)
    context.cursors.killOf(collection.namespace)
  }
  return ok({ dropped: context.database })
}

export const listCollections: Handler = (context, command) => {
  const filter = parseFilter(command.get('filter') ?? undefined, context.clock)
  const all = context.catalog.all(context.database).sort((a, b) => (a.namespace < b.namespace ? -1 : 1))
  const described = all
    .map((collection) => describe(collection, context.database))
    .filter((each) => matches(filter, each))
  const shown = flag(command, 'nameOnly')
    ? described.map((each) => new Map([...each].filter(([name]) => name === 'name' || name === 'type')))
    : described
  const cursor = command.get('cursor')
  const batchSize = cursor instanceof Map ? countOption(cursor, 'batchSize') : undefined
  return context.cursors.first(`${context.database}.$cmd.listCollections`, encoded(shown), {
    batchSize: batchSize ?? Number.POSITIVE_INFINITY,
    single: false,
    deadline: context.deadline,
  })
}

function describe({ namespace }: Collection, database: string): Doc {
  return new Map<string, Value>([
    ['name', namespace.slice(database.length + 1)],
    ['type', 'collection'],
    ['options', new Map()],
    ['info', new Map([['readOnly', false]])],
    ['idIndex', idSpecification],
  ])
}

export const listDatabases: Handler = (context, command) => {
  const filter = parseFilter(command.get('filter') ?? undefined, context.clock)
  const names = context.catalog.databases().filter((name) => matches(filter, new Map([['name', name]])))
  const databases = names.map((name) =>
    flag(command, 'nameOnly') ? fields({ name }) : fields({ name, sizeOnDisk: 0n, empty: false }),
  )
  return ok({ databases, ...(flag(command, 'nameOnly') ? {} : { totalSize: 0n }) })
}
