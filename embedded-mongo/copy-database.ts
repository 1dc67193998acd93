import { createHash } from 'node:crypto'
import { BSON, type Db, type Document, type IndexDescriptionInfo } from 'mongodb'
import { decodeDocument } from './bson/decode.ts'
import { encodeDocument } from './bson/encode.ts'
import type { Value } from './bson/values.ts'

/** What stands against a copy, in one line that a person can act upon. */
export class CopyError extends Error {
  override readonly name = 'CopyError'
}

export interface Copied {
  collections: number
  documents: number
  /** Over all documents, whatever their order; the same on both sides. */
  hash: string
}

interface Plan {
  name: string
  indexes: IndexDescriptionInfo[]
}

const batchBytes = 4 * 1024 * 1024
const batchCount = 1000

/**
 * Copies all collections with their indexes between two servers, whichever of them is the embedded store, then reads both
 * sides again and compares count and hash. A copy that fails leaves the target as empty as it was.
 * @throws CopyError where the target holds a collection, the source something that the store has not, or the two differ
 */
export async function copyDatabase(from: Db, to: Db): Promise<Copied> {
  const plans = await planOf(from)
  const [held] = await to.listCollections({}, { nameOnly: true }).toArray()
  if (held) throw new CopyError(`the target ${to.databaseName} is not empty (${held.name}); name another database`)
  try {
    // The indexes first, for what the target has not shows before anything is copied; but none that deletes meanwhile.
    for (const { name, indexes } of plans)
      await makeCollection(
        to,
        name,
        indexes.filter((index) => !expires(index)),
      )
    for (const { name } of plans) await copyDocuments(from, to, name)
    const [given, taken] = [await digest(from, plans), await digest(to, plans)]
    if (given.documents !== taken.documents || given.hash !== taken.hash)
      throw new CopyError(
        `the copy has ${taken.documents} documents (${taken.hash}), the source ${given.documents} (${given.hash}): stop what writes to the source, and try again`,
      )
    for (const { name, indexes } of plans) await makeIndexes(to, name, indexes.filter(expires))
    return { collections: plans.length, ...given }
  } catch (error) {
    for (const { name } of plans) await to.dropCollection(name)
    throw error
  }
}

async function planOf(from: Db): Promise<Plan[]> {
  const plans: Plan[] = []
  for (const { name, type, options = {} } of await from.listCollections({}, { nameOnly: false }).toArray()) {
    if (name.startsWith('system.')) continue
    if (type !== 'collection')
      throw new CopyError(`${name} is a ${type}, which the embedded store has not; drop it first`)
    const [option] = Object.keys(options)
    if (option) throw new CopyError(`${name} has the option ${option}, which the embedded store has not`)
    plans.push({ name, indexes: await from.collection(name).listIndexes().toArray() })
  }
  return plans
}

const expires = (index: IndexDescriptionInfo): boolean => index.expireAfterSeconds !== undefined

async function makeCollection(to: Db, name: string, indexes: IndexDescriptionInfo[]): Promise<void> {
  await to.command({ create: name })
  await makeIndexes(to, name, indexes)
}

async function makeIndexes(to: Db, name: string, indexes: IndexDescriptionInfo[]): Promise<void> {
  const wanted = indexes
    .filter((index) => index.name !== '_id_')
    .map(({ ns: _ns, v: _v, background: _background, ...rest }) => rest)
  if (wanted.length > 0) await to.command({ createIndexes: name, indexes: wanted })
}

async function copyDocuments(from: Db, to: Db, name: string): Promise<void> {
  let batch: unknown[] = []
  let bytes = 0
  const flush = async () => {
    if (batch.length > 0) await insert(to, name, batch)
    batch = []
    bytes = 0
  }
  for await (const raw of rawDocuments(from, name)) {
    if (bytes + raw.length > batchBytes || batch.length >= batchCount) await flush()
    batch.push(driverValue(decodeDocument(raw)))
    bytes += raw.length
  }
  await flush()
}

async function insert(to: Db, name: string, documents: unknown[]): Promise<void> {
  const { writeErrors = [] } = await to.command({ insert: name, documents })
  if (writeErrors.length > 0) throw new CopyError(`${name}: ${writeErrors[0].errmsg}`)
}

const rawDocuments = (db: Db, name: string): AsyncIterable<Buffer> =>
  db.collection(name).find<Buffer>({}, { raw: true, batchSize: batchCount })

/** A sum of the documents' hashes: two servers need not give them in one order. */
async function digest(db: Db, plans: Plan[]): Promise<{ documents: number; hash: string }> {
  let sum = 0n
  let documents = 0
  for (const { name } of plans) {
    for await (const raw of rawDocuments(db, name)) {
      sum += BigInt(`0x${createHash('sha256').update(name).update('\0').update(raw).digest('hex')}`)
      documents++
    }
  }
  return { documents, hash: BigInt.asUintN(256, sum).toString(16).padStart(64, '0') }
}

const exactly = { promoteValues: false, bsonRegExp: true }

/** A value as the driver writes it, byte for byte: Maps, since integer-like names change places in an object. */
function driverValue(value: Value): unknown {
  if (value instanceof Map) return new Map([...value].map(([name, each]) => [name, driverValue(each)]))
  if (Array.isArray(value)) return value.map(driverValue)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return new BSON.Double(value)
  const { only } = BSON.deserialize(encodeDocument(new Map([['only', value]])), exactly) as Document
  return only
}
