import type { Clock } from '../aggregate/expression.ts'
import { toNumber } from '../bson/arithmetic.ts'
import { decodeDocument } from '../bson/decode.ts'
import { encodeDocument } from '../bson/encode.ts'
import { type Doc, int, isNumeric, typeName, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { Filter } from '../match/filter.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { scan } from '../planner/scan.ts'
import { indexFromSpecification } from '../store/catalog.ts'
import { type Collection, endOf, idIndex } from '../store/collection.ts'
import { display } from '../store/display.ts'
import type { Index } from '../store/index-keys.ts'
import { indexOptions } from '../supported.ts'
import { arrayOption, type Context, collectionName, collectionOf, type Handler, ok } from './context.ts'

/** The index that every collection has. */
export const idSpecification: Doc = new Map<string, Value>([
  ['v', int(2)],
  ['key', new Map([['_id', int(1)]])],
  ['name', '_id_'],
])
const accepted = ['v', 'key', 'name', 'ns', 'background', 'collation', ...indexOptions]
const acceptedOfId = ['v', 'key', 'name', 'ns', 'collation']
const mostIndexes = 64
/** A key holds the number in two bytes. */
const highestIndexNumber = 65_535

export const createIndexes: Handler = (context, command) => {
  const wanted = arrayOption(command, 'indexes').map((each) => parseSpecification(each, context.clock))
  if (wanted.length === 0) fail(2, 'Must specify at least one index to create')
  for (const [at, each] of wanted.entries())
    if (wanted.slice(0, at).some((other) => same(other, each)))
      fail(68, `Identical index already exists: ${each.get('name')}`)
  const existed = collectionOf(context, command) !== undefined
  const collection = context.catalog.ensure(context.database, collectionName(command))
  const before = collection.indexes.length + 1
  for (const specification of wanted) if (isNew(collection, specification)) build(context, collection, specification)
  context.catalog.save(collection)
  const now = collection.indexes.length + 1
  return ok({
    numIndexesBefore: int(before),
    numIndexesAfter: int(now),
    createdCollectionAutomatically: !existed,
    ...(now === before ? { note: 'all indexes already exist' } : {}),
  })
}

function parseSpecification(value: Value, clock: Clock): Doc {
  if (!(value instanceof Map)) return fail(14, "The elements of the 'indexes' array must be objects")
  const key = value.get('key') ?? fail(9, "The 'key' field is a required property of an index specification")
  if (!(key instanceof Map)) return fail(14, `The field 'key' must be an object, but got ${typeName(key)}`)
  if (key.size === 0) fail(67, 'Index keys cannot be empty.')
  const isId = same(key, idSpecification.get('key'))
  for (const name of value.keys()) {
    if (!accepted.includes(name))
      fail(197, `The field '${name}' is not valid for an index specification in the embedded store`)
    if (isId && !acceptedOfId.includes(name))
      fail(197, `The field '${name}' is not valid for an _id index specification.`)
  }
  for (const [path, direction] of key) checkKey(path, direction)
  checkName(value.get('name'), isId)
  checkOptions(value, clock)
  const result = new Map<string, Value>([
    ['v', int(2)],
    ['key', key],
    ['name', value.get('name') as string],
  ])
  for (const name of indexOptions) {
    const option = value.get(name)
    if (option !== undefined && option !== false)
      result.set(name, name === 'unique' || name === 'sparse' ? true : option)
  }
  return result
}

function checkKey(path: string, direction: Value): void {
  if (typeof direction === 'string') fail(67, `${direction} indexes are not supported by the embedded store: ${path}`)
  if (!isNumeric(direction) || !toNumber(direction))
    fail(67, `Values in v:2 index key pattern must be numbers > 0 or < 0, not ${typeName(direction)}: ${path}`)
  if (path.includes('$'))
    fail(67, `Index key contains an illegal field name or a wildcard, which the embedded store does not have: ${path}`)
  if (path.split('.').includes('')) fail(67, `Index keys cannot contain an empty field: ${path}`)
}

function checkName(name: Value | undefined, isId: boolean): void {
  if (name === undefined) fail(9, "The 'name' field is a required property of an index specification")
  if (typeof name !== 'string') fail(14, `The field 'name' must be a string, but got ${typeName(name as Value)}`)
  if (name === '') fail(67, 'index name cannot be empty')
  if (name === '*') fail(2, "The index name '*' is not valid.")
  if (name === '_id_' && !isId)
    fail(2, "The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}")
}

const partialOperators = ['$eq', '$gt', '$gte', '$lt', '$lte', '$exists', '$type', '$in']

/** A partial index may ask for what makes a document be in it, not for what it lacks. */
function checkPartial(filter: Filter): void {
  if (filter.kind === 'and' || filter.kind === 'or') filter.children.forEach(checkPartial)
  else if (filter.kind !== 'leaf' || !partialOperators.includes(filter.op))
    fail(67, `Expression not supported in partial index: ${filter.kind === 'leaf' ? filter.op : filter.kind}`)
}

function checkOptions(value: Doc, clock: Clock): void {
  for (const name of ['unique', 'sparse']) {
    const option = value.get(name)
    if (option !== undefined && typeof option !== 'boolean' && !isNumeric(option))
      fail(14, `The field '${name}' must be a boolean`)
  }
  const collation = value.get('collation')
  if (collation instanceof Map && collation.get('locale') !== 'simple')
    fail(115, 'collation is not supported by the embedded store, except the locale "simple"')
  const partial = value.get('partialFilterExpression')
  if (partial !== undefined) {
    if (partial instanceof Map) checkPartial(parseFilter(partial, clock))
    else fail(14, `The field 'partialFilterExpression' must be an object, but got ${typeName(partial)}`)
  }
  if (partial !== undefined && value.get('sparse') === true)
    fail(67, 'cannot mix "partialFilterExpression" and "sparse" options')
  const expire = value.get('expireAfterSeconds')
  if (expire === undefined) return
  if (!isNumeric(expire) || toNumber(expire) < 0 || toNumber(expire) > 2_147_483_647)
    fail(67, 'TTL index expireAfterSeconds must be within 0 and 2147483647')
  if ((value.get('key') as Doc).size !== 1)
    fail(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL')
}

const same = (a: Value | undefined, b: Value | undefined): boolean =>
  encodeDocument(new Map(a === undefined ? [] : [['', plain(a)]])).equals(
    encodeDocument(new Map(b === undefined ? [] : [['', plain(b)]])),
  )

/** `1`, `1.0` and `1L` ask for one and the same index. */
const plain = (value: Value): Value =>
  isNumeric(value)
    ? toNumber(value)
    : value instanceof Map
      ? new Map([...value].map(([name, each]) => [name, plain(each)]))
      : value

/** What tells indexes apart; two that differ only in the rest are too much alike. */
const signature = ['key', 'unique', 'sparse', 'partialFilterExpression']

function isNew(collection: Collection, wanted: Doc): boolean {
  const key = wanted.get('key') as Doc
  if (same(key, idSpecification.get('key'))) return false
  const requested = `Requested index: ${display(wanted)}`
  for (const { specification, name } of collection.indexes) {
    const existing = `existing index: ${display(specification)}`
    const equivalent = signature.every((option) => same(specification.get(option), wanted.get(option)))
    const identical = equivalent && same(specification.get('expireAfterSeconds'), wanted.get('expireAfterSeconds'))
    if (name === wanted.get('name')) {
      if (identical) return false
      if (equivalent)
        fail(
          85,
          `An equivalent index already exists with the same name but different options. ${requested}, ${existing}`,
        )
      fail(
        86,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${requested}, ${existing}`,
      )
    }
    if (identical) fail(85, `Index already exists with a different name: ${name}`)
    if (equivalent)
      fail(85, `An equivalent index already exists with a different name and options. ${requested}, ${existing}`)
  }
  if (collection.indexes.length + 1 >= mostIndexes)
    fail(67, `add index fails, too many indexes for ${collection.namespace}`)
  return true
}

function build(context: Context, collection: Collection, specification: Doc): void {
  if (collection.nextIndex > highestIndexNumber)
    fail(67, `${collection.namespace} has had ${highestIndexNumber} indexes in its life, and can have no more; copy it`)
  const index = indexFromSpecification(specification, collection.nextIndex++)
  const prefix = collection.prefix(0)
  const everything = {
    steps: [{ index: idIndex, ranges: [{ from: prefix, to: endOf(prefix) }] }],
    reverse: false,
    once: true,
  }
  for (const stored of scan(context.kv, collection, everything, { chunk: 256 })) {
    if (stored) collection.addToIndex(index, decodeDocument(stored.bytes))
    else context.checkTime()
  }
  collection.indexes.push(index)
}

export const listIndexes: Handler = (context, command) => {
  const collection = collectionOf(context, command)
  if (!collection) return fail(26, `ns does not exist: ${context.database}.${collectionName(command)}`)
  const all = [idSpecification, ...collection.indexes.map(({ specification }) => specification)]
  return context.cursors.first(collection.namespace, encoded(all), {
    batchSize: Number.POSITIVE_INFINITY,
    single: true,
    deadline: context.deadline,
  })
}

export function* encoded(documents: Doc[]) {
  for (const each of documents) yield encodeDocument(each)
}

export const dropIndexes: Handler = (context, command) => {
  const collection = collectionOf(context, command)
  if (!collection) return fail(26, `ns not found ${context.database}.${collectionName(command)}`)
  const before = collection.indexes.length + 1
  for (const index of chosen(collection, command.get('index') as Value)) {
    collection.removeIndex(index)
    collection.indexes.splice(collection.indexes.indexOf(index), 1)
  }
  context.catalog.save(collection)
  return ok({ nIndexesWas: int(before) })
}

function chosen(collection: Collection, wanted: Value): Index[] {
  if (wanted === '*') return [...collection.indexes]
  if (typeof wanted !== 'string' && !(wanted instanceof Map) && !Array.isArray(wanted))
    fail(
      14,
      `BSON field 'dropIndexes.index' is the wrong type '${typeName(wanted)}', expected types '[string, object, array]'`,
    )
  if (Array.isArray(wanted)) return wanted.flatMap((each) => chosen(collection, each))
  if (wanted === '_id_' || (wanted instanceof Map && same(wanted, idSpecification.get('key'))))
    fail(72, 'cannot drop _id index')
  const found = collection.indexes.find((index) =>
    wanted instanceof Map ? same(index.specification.get('key'), wanted) : index.name === wanted,
  )
  return found
    ? [found]
    : fail(
        27,
        wanted instanceof Map
          ? `can't find index with key: ${display(wanted)}`
          : `index not found with name [${wanted}]`,
      )
}
