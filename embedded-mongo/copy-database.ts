import { createHash } from 'node:crypto'
import { type Db, type Document, type IndexDescriptionInfo, MongoError, MongoServerError } from 'mongodb'
import { CopyError, EmptySourceError, LeftoverError, type Side } from './copy-errors.ts'
import { exactDocument } from './exact-document.ts'

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

interface Course {
  plans: Plan[]
  signal: AbortSignal | undefined
}

const batchBytes = 4 * 1024 * 1024
const batchCount = 1000

/**
 * Copies all collections with their indexes between two servers, whichever of them is the embedded store, then reads
 * both sides again and compares count and hash. A copy that fails, or that the signal breaks off, leaves the target as
 * empty as it was.
 * @throws EmptySourceError; CopyError where the target holds a collection, a side fails, the source holds what the store
 * has not, or the two differ; LeftoverError; the reason of the signal
 */
export async function copyDatabase(from: Db, to: Db, signal?: AbortSignal): Promise<Copied> {
  const plans = await at('source', planOf(from))
  if (plans.length === 0)
    throw new EmptySourceError(
      `${from.databaseName} holds no collections; is the database's name in the URI right?`,
      'source',
    )
  const [held] = await at('target', to.listCollections({}, { nameOnly: true }).toArray())
  if (held) {
    const remedy = 'name another database, or drop this one if it is what a killed copy left'
    throw new CopyError(`the target ${to.databaseName} is not empty (${held.name}); ${remedy}`, 'target')
  }
  try {
    return await copyPlanned(from, to, { plans, signal })
  } catch (error) {
    await takeAway(to, plans, error as Error)
    throw error
  }
}

async function copyPlanned(from: Db, to: Db, { plans, signal }: Course): Promise<Copied> {
  // The indexes first, for what the target has not shows before anything is copied; but none that deletes meanwhile.
  for (const { name, indexes } of plans) {
    const lasting = indexes.filter((index) => !expires(index))
    await at('target', makeCollection(to, name, lasting))
  }
  for (const { name } of plans) await copyDocuments(from, to, { name, signal })
  const given = await at('source', digest(from, { plans, signal }))
  const taken = await at('target', digest(to, { plans, signal }))
  if (given.documents !== taken.documents || given.hash !== taken.hash)
    throw new CopyError(
      `the copy has ${taken.documents} documents (${taken.hash}), the source ${given.documents} (${given.hash}): stop what writes to the source, and try again`,
    )
  for (const { name, indexes } of plans) await at('target', makeIndexes(to, name, indexes.filter(expires)))
  return { collections: plans.length, ...given }
}

/** Tells of what fails in this work at which side that was. */
async function at<T>(side: Side, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw blamedOn(side, error)
  }
}

function blamedOn(side: Side, error: unknown): unknown {
  const unplaced = error instanceof MongoError || (error instanceof CopyError && error.side === undefined)
  return unplaced ? new CopyError(error.message, side, { cause: error }) : error
}

/** What has gone wrong with the copy stays the error, whatever goes wrong here. */
async function takeAway(to: Db, plans: Plan[], cause: Error): Promise<void> {
  try {
    for (const { name } of plans) await to.dropCollection(name)
  } catch {
    throw new LeftoverError(cause, `what was copied is still in ${to.databaseName}, drop it there`)
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
  for (const { ns: _ns, v: _v, background: _background, storageEngine: _engine, ...wanted } of indexes) {
    if (wanted.name === '_id_') continue
    try {
      await to.command({ createIndexes: name, indexes: [wanted] })
    } catch (error) {
      if (!(error instanceof MongoServerError)) throw error
      throw new CopyError(
        `${name}: the target refuses the index ${wanted.name} (${error.message}); drop it in the source`,
      )
    }
  }
}

async function copyDocuments(from: Db, to: Db, { name, signal }: Omit<Course, 'plans'> & { name: string }) {
  let batch: Document[] = []
  let bytes = 0
  const flush = async () => {
    signal?.throwIfAborted()
    if (batch.length > 0) await at('target', insert(to, name, batch))
    batch = []
    bytes = 0
  }
  for await (const { document, length } of exactDocuments(from, name)) {
    if (bytes + length > batchBytes || batch.length >= batchCount) await flush()
    batch.push(document)
    bytes += length
  }
  await flush()
}

/** What fails while the reader is at work with one of them is not the source's fault, and does not come by here. */
async function* exactDocuments(from: Db, name: string): AsyncGenerator<{ document: Document; length: number }> {
  try {
    for await (const raw of rawDocuments(from, name)) yield { document: exactDocument(name, raw), length: raw.length }
  } catch (error) {
    throw blamedOn('source', error)
  }
}

async function insert(to: Db, name: string, documents: Document[]): Promise<void> {
  const { writeErrors = [] } = await to.command({ insert: name, documents })
  if (writeErrors.length > 0) throw new CopyError(`${name}: ${writeErrors[0].errmsg}`)
}

const rawDocuments = (db: Db, name: string): AsyncIterable<Buffer> =>
  db.collection(name).find<Buffer>({}, { raw: true, batchSize: batchCount })

/** A sum of the documents' hashes: two servers need not give them in one order. */
async function digest(db: Db, { plans, signal }: Course): Promise<{ documents: number; hash: string }> {
  let sum = 0n
  let documents = 0
  for (const { name } of plans) {
    for await (const raw of rawDocuments(db, name)) {
      signal?.throwIfAborted()
      sum += BigInt(`0x${createHash('sha256').update(name).update('\0').update(raw).digest('hex')}`)
      documents++
    }
  }
  return { documents, hash: BigInt.asUintN(256, sum).toString(16).padStart(64, '0') }
}
