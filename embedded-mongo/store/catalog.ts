import { toNumber } from '../bson/arithmetic.ts'
import { decodeDocument } from '../bson/decode.ts'
import { encodeDocument } from '../bson/encode.ts'
import { DateTime, type Doc, int, isNumeric, type Value } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { fieldsOf } from '../match/filter.ts'
import { parseFilter } from '../match/parse-filter.ts'
import { Collection, type CollectionRecord, keyPrefix } from './collection.ts'
import type { Index } from './index-keys.ts'
import type { KeyValueStore } from './key-value.ts'

const entries = keyPrefix(0, 0)
const counter = keyPrefix(0, 1)

/** Which collections there are, with their indexes: kept under collection 0, and whole in memory. */
export class Catalog {
  readonly #kv: KeyValueStore
  readonly #collections = new Map<string, Collection>()
  #nextId = 1
  readonly #dirty = new Set<Collection>()

  constructor(kv: KeyValueStore) {
    this.#kv = kv
    this.reload()
  }

  /** Reads everything anew: after a rollback the memory may be ahead of the file. */
  reload(): void {
    this.#collections.clear()
    this.#dirty.clear()
    this.#nextId = this.#kv.get(counter)?.readUInt32BE(0) ?? 1
    for (const [, bytes] of this.#kv.range(entries, counter)) {
      const record = decodeDocument(bytes)
      const indexes = (record.get('indexes') as Doc[]).map(readIndex)
      const highest = Math.max(0, ...indexes.map(({ number }) => number))
      this.#add({
        namespace: record.get('ns') as string,
        id: toNumber(record.get('id') as number),
        indexes,
        nextIndex: toNumber((record.get('nextIndex') ?? highest + 1) as number),
      })
    }
  }

  find(database: string, name: string): Collection | undefined {
    return this.#collections.get(`${database}.${name}`)
  }

  /** The collection, made if it is not there yet. */
  ensure(database: string, name: string): Collection {
    return this.find(database, name) ?? this.create(database, name)
  }

  create(database: string, name: string): Collection {
    checkName(database, name)
    const id = this.#nextId++
    const number = Buffer.allocUnsafe(4)
    number.writeUInt32BE(this.#nextId)
    this.#kv.put(counter, number)
    const collection = this.#add({ namespace: `${database}.${name}`, id, indexes: [], nextIndex: 1 })
    this.save(collection)
    return collection
  }

  drop(collection: Collection): void {
    collection.removeAll()
    this.#kv.remove(entryKey(collection))
    this.#collections.delete(collection.namespace)
    this.#dirty.delete(collection)
  }

  save(collection: Collection): void {
    const indexes = collection.indexes.map(writeIndex)
    const record = new Map<string, Value>([
      ['ns', collection.namespace],
      ['id', collection.id],
      ['indexes', indexes],
      ['nextIndex', int(collection.nextIndex)],
    ])
    this.#kv.put(entryKey(collection), encodeDocument(record))
  }

  /** Writes what documents have changed about their indexes; belongs to the same commit as the documents. */
  flush(): void {
    for (const collection of this.#dirty) this.save(collection)
    this.#dirty.clear()
  }

  all(database?: string): Collection[] {
    const list = [...this.#collections.values()]
    return database === undefined ? list : list.filter(({ namespace }) => namespace.startsWith(`${database}.`))
  }

  databases(): string[] {
    return [...new Set(this.all().map(({ namespace }) => namespace.slice(0, namespace.indexOf('.'))))].sort()
  }

  #add(record: CollectionRecord): Collection {
    const { namespace } = record
    const collection: Collection = new Collection(this.#kv, record, {
      multikeySeen: () => this.#dirty.add(collection),
      current: () => this.#collections.get(namespace),
    })
    this.#collections.set(namespace, collection)
    return collection
  }
}

const entryKey = (collection: Collection): Buffer => Buffer.concat([entries, Buffer.from(collection.namespace)])

/** @throws CommandError 73 for a name that no database can have */
export function checkDatabase(database: string): void {
  if (database === '' || database.length > 63 || /[/\\. "$\0]/.test(database))
    fail(73, `Invalid database name: '${database}'`)
}

function checkName(database: string, name: string): void {
  if (
    name === '' ||
    name.includes('\0') ||
    name.includes('$') ||
    name.startsWith('.') ||
    `${database}.${name}`.length > 255
  ) {
    fail(73, `Invalid namespace specified '${database}.${name}'`)
  }
  if (name.startsWith('system.')) fail(73, `Invalid system namespace: ${database}.${name}`)
}

const writeIndex = (index: Index): Doc =>
  new Map<string, Value>([
    ['number', int(index.number)],
    ['specification', index.specification],
    ['multikey', index.multikey],
  ])

const readIndex = (record: Doc): Index => ({
  ...indexFromSpecification(record.get('specification') as Doc, toNumber(record.get('number') as number)),
  multikey: record.get('multikey') === true,
})

/** What a checked specification means. */
export function indexFromSpecification(specification: Doc, number: number): Index {
  const partial = specification.get('partialFilterExpression')
  const expire = specification.get('expireAfterSeconds')
  const filter = partial === undefined ? undefined : parseFilter(partial, { now: new DateTime(0n) })
  const fields = [...(specification.get('key') as Doc)].map(([path, direction]) => ({
    path,
    parts: path.split('.'),
    descending: isNumeric(direction) && toNumber(direction) < 0,
  }))
  const named = new Set(fields.map(({ parts }) => parts[0] as string))
  return {
    number,
    name: specification.get('name') as string,
    specification,
    fields,
    unique: specification.get('unique') === true,
    sparse: specification.get('sparse') === true,
    partial: filter,
    decidedBy: filter ? fieldsOf(filter, named) : named,
    expireAfterSeconds: isNumeric(expire) ? toNumber(expire) : undefined,
    multikey: false,
  }
}
