import { encodeDocument } from '../bson/encode.ts'
import { type Doc, int, Regex, undefinedValue, type Value } from '../bson/values.ts'
import { CommandError, fail } from '../errors.ts'
import { display } from './display.ts'
import { type Index, type IndexKey, indexKeys } from './index-keys.ts'
import type { KeyValueStore } from './key-value.ts'
import { valueKey } from './value-key.ts'

export const primaryIndex = 0
const prefixLength = 6

/** The documents themselves are the index on `_id`. */
export const idIndex: Index = {
  number: primaryIndex,
  name: '_id_',
  specification: new Map(),
  fields: [{ path: '_id', parts: ['_id'], descending: false }],
  unique: true,
  sparse: false,
  partial: undefined,
  decidedBy: new Set(['_id']),
  expireAfterSeconds: undefined,
  multikey: false,
}

/** `[u32 collection][u16 index]`: what all keys of an index begin with. Index 0 holds the documents. */
export function keyPrefix(collection: number, index: number): Buffer {
  const prefix = Buffer.allocUnsafe(prefixLength)
  prefix.writeUInt32BE(collection, 0)
  prefix.writeUInt16BE(index, 4)
  return prefix
}

/** The first key behind all that begin with these bytes. */
export function endOf(prefix: Buffer): Buffer {
  const result = Buffer.from(prefix)
  for (let at = result.length - 1; at >= 0; at--) {
    if (result[at] !== 255) {
      result[at] = (result[at] as number) + 1
      return result.subarray(0, at + 1)
    }
  }
  throw new RangeError('nothing comes after these bytes')
}

export interface Stored {
  idKey: Buffer
  bytes: Buffer
}

export interface CollectionRecord {
  namespace: string
  id: number
  indexes: Index[]
  nextIndex: number
}

/** What the catalog tells a collection and hears of it. */
export interface Place {
  multikeySeen(): void
  /** What has the name now. */
  current(): Collection | undefined
}

/** The documents of one collection and their index entries, always changed together. */
export class Collection {
  readonly namespace: string
  readonly id: number
  readonly indexes: Index[]
  /** What the next index is numbered by. A number is used once: a read that goes on after a drop must find nothing. */
  nextIndex: number
  readonly #kv: KeyValueStore
  readonly #place: Place
  readonly #prefixes = new Map<number, Buffer>()

  constructor(kv: KeyValueStore, { namespace, id, indexes, nextIndex }: CollectionRecord, place: Place) {
    this.#kv = kv
    this.namespace = namespace
    this.id = id
    this.indexes = indexes
    this.nextIndex = nextIndex
    this.#place = place
  }

  /**
   * @throws CommandError 175 when this collection or that index of it is no more, as a read may find that had paused
   */
  refuseGone(index: Index): void {
    const now = this.#place.current()
    if (now?.id !== this.id) fail(175, `collection dropped: ${this.namespace}`)
    if (index.number !== primaryIndex && !now.indexes.some(({ number }) => number === index.number))
      fail(175, `index '${index.name}' dropped: ${this.namespace}`)
  }

  prefix(index: number): Buffer {
    let prefix = this.#prefixes.get(index)
    if (!prefix) {
      prefix = keyPrefix(this.id, index)
      this.#prefixes.set(index, prefix)
    }
    return prefix
  }

  get(idKey: Buffer): Buffer | undefined {
    return this.#kv.get(Buffer.concat([this.prefix(primaryIndex), idKey]))
  }

  /** Whether these ranges of keys hold no more entries than that together. */
  holdsAtMost(most: number, ranges: { from: Buffer; to: Buffer }[]): boolean {
    let count = 0
    for (const { from, to } of ranges) for (const _ of this.#kv.range(from, to)) if (++count > most) return false
    return true
  }

  /** Every check comes before the first write. */
  insert(document: Doc, bytes: Buffer): void {
    const id = checkedId(document.get('_id'))
    const idKey = valueKey(id)
    const key = Buffer.concat([this.prefix(primaryIndex), idKey])
    if (this.#kv.get(key)) throw this.#duplicate('_id_', new Map([['_id', int(1)]]), [id])
    const entries = this.indexes.map((index) => ({ index, keys: this.#keysToAdd(index, document) }))
    for (const { index, keys } of entries) this.#refuseDuplicates(index, keys, idKey)
    this.#kv.put(key, bytes)
    for (const { index, keys } of entries) {
      for (const each of keys) this.#kv.put(this.#entryKey(index, each, idKey), idKey)
    }
  }

  replace(idKey: Buffer, before: Doc, after: Doc, bytes: Buffer): void {
    const mayChange = ({ decidedBy }: Index) =>
      !decidedBy || [...decidedBy].some((name) => !Object.is(before.get(name), after.get(name)))
    const changes = this.indexes.filter(mayChange).map((index) => {
      const [old, made] = [indexKeys(index, before).keys, this.#keysToAdd(index, after)]
      return { index, added: without(made, old), gone: without(old, made) }
    })
    for (const { index, added } of changes) this.#refuseDuplicates(index, added, idKey)
    for (const { index, added, gone } of changes) {
      for (const key of gone) this.#kv.remove(this.#entryKey(index, key, idKey))
      for (const key of added) this.#kv.put(this.#entryKey(index, key, idKey), idKey)
    }
    this.#kv.put(Buffer.concat([this.prefix(primaryIndex), idKey]), bytes)
  }

  remove(idKey: Buffer, document: Doc): void {
    for (const index of this.indexes) {
      for (const key of indexKeys(index, document).keys) this.#kv.remove(this.#entryKey(index, key, idKey))
    }
    this.#kv.remove(Buffer.concat([this.prefix(primaryIndex), idKey]))
  }

  /** Puts a document that is there already into a new index. */
  addToIndex(index: Index, document: Doc): void {
    const idKey = valueKey(document.get('_id') ?? null)
    const keys = this.#keysToAdd(index, document)
    this.#refuseDuplicates(index, keys, idKey)
    for (const key of keys) this.#kv.put(this.#entryKey(index, key, idKey), idKey)
  }

  removeIndex(index: Index): void {
    this.#kv.removeRange(this.prefix(index.number), endOf(this.prefix(index.number)))
  }

  removeAll(): void {
    const from = keyPrefix(this.id, 0)
    this.#kv.removeRange(from, keyPrefix(this.id + 1, 0))
  }

  /** The keys of a document that is to be stored; the index learns here that it holds elements of arrays. */
  #keysToAdd(index: Index, document: Doc): IndexKey[] {
    const { keys, multikey } = indexKeys(index, document)
    if (multikey && !index.multikey) {
      index.multikey = true
      this.#place.multikeySeen()
    }
    return keys
  }

  /** A unique entry is found by its values alone, so a second one cannot be stored beside it. */
  #entryKey(index: Index, key: IndexKey, idKey: Buffer): Buffer {
    const prefix = this.prefix(index.number)
    return index.unique ? Buffer.concat([prefix, key.bytes]) : Buffer.concat([prefix, key.bytes, idKey])
  }

  #refuseDuplicates(index: Index, keys: IndexKey[], idKey: Buffer): void {
    if (!index.unique) return
    for (const key of keys) {
      const holder = this.#kv.get(this.#entryKey(index, key, idKey))
      if (holder && !holder.equals(idKey)) {
        throw this.#duplicate(index.name, index.specification.get('key') as Doc, key.values)
      }
    }
  }

  #duplicate(index: string, pattern: Doc, values: Value[]): CommandError {
    const keyValue: Doc = new Map([...pattern.keys()].map((path, at) => [path, values[at] ?? null]))
    return new CommandError(
      11000,
      `E11000 duplicate key error collection: ${this.namespace} index: ${index} dup key: ${display(keyValue)}`,
      new Map<string, Value>([
        ['keyPattern', pattern],
        ['keyValue', keyValue],
      ]),
    )
  }
}

/** The keys that are not among the others. */
function without(keys: IndexKey[], others: IndexKey[]): IndexKey[] {
  const known = new Set(others.map(({ bytes }) => bytes.toString('latin1')))
  return keys.filter(({ bytes }) => !known.has(bytes.toString('latin1')))
}

function checkedId(id: Value | undefined): Value {
  if (Array.isArray(id)) fail(53, "The '_id' value cannot be of type array")
  if (id instanceof Regex) fail(53, "The '_id' value cannot be of type regex")
  if (id === undefined || id === undefinedValue) return fail(53, "The '_id' value cannot be of type undefined")
  if (id instanceof Map) {
    for (const name of id.keys())
      if (name.startsWith('$'))
        fail(52, `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`)
  }
  return id
}

/** The bytes to store: `_id` first, made if there is none; what needs no change stays as it was sent. */
export function normalized(document: Doc, bytes: Buffer, makeId: () => Value): { document: Doc; bytes: Buffer } {
  if (document.keys().next().value === '_id') return { document, bytes }
  const withId: Doc = new Map([['_id', document.get('_id') ?? makeId()], ...document])
  return { document: withId, bytes: encodeDocument(withId) }
}
