import { createHash } from 'node:crypto'
import { type Db, type Document, type IndexDescriptionInfo, MongoServerError } from 'mongodb'
import { CopyError, EmptySourceError, FilledTargetError } from './copy-errors.ts'
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

const batchBytes = 4 * 1024 * 1024
const batchCount = 1000

/**
 * Copies all collections with their indexes between two servers, whichever of them is the embedded store, then reads
 * both sides again and compares count and hash. A copy that fails leaves the target as empty as it was.
 * @throws EmptySourceError, FilledTargetError; CopyError where the source holds what the store has not, or the two
 * differ
 */
export async function copyDatabase(from: Db, to: Db): Promise<Copied> {
  const plans = await planOf(from)
  if (plans.length === 0)
    throw new EmptySourceError(`${from.databaseName} holds no collections; is the database's name in the URI right?`)
  const [held] = await to.listCollections({}, { nameOnly: true }).toArray()
  if (held)
    throw new FilledTargetError(`the target ${to.databaseName} is not empty (${held.name}); name another database`)
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
    await takeAway(to, plans, error)
    throw error
  }
}

/** What has gone wrong with the copy stays the error, whatever goes wrong here. */
async function takeAway(to: Db, plans: Plan[], cause: unknown): Promise<void> {
  try {
    for (const { name } of plans) await to.dropCollection(name)
  } catch {
    const { message } = cause as Error
    throw new CopyError(`${message}; what was copied is still in ${to.databaseName}, drop it there`, { cause })
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

async function copyDocuments(from: Db, to: Db, name: string): Promise<void> {
  let batch: Document[] = []
  let bytes = 0
  const flush = async () => {
    if (batch.length > 0) await insert(to, name, batch)
    batch = []
    bytes = 0
  }
  for await (const raw of rawDocuments(from, name)) {
    if (bytes + raw.length > batchBytes || batch.length >= batchCount) await flush()
    batch.push(exactDocument(name, raw))
    bytes += raw.length
  }
  await flush()
}

async function insert(to: Db, name: string, documents: Document[]): Promise<void> {
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
