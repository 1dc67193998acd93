import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BSON, type Collection, type Db, type Document, MongoClient } from 'mongodb'
import { afterAll, beforeAll } from 'vitest'
import { type EmbeddedMongoOptions, startEmbeddedMongo } from '../server.ts'

/** Another server to run the same tables against; what only concerns the embedded store is then skipped. */
const otherServer = process.env.TEST_MONGODB_URI
export const isOtherServer = otherServer !== undefined

/** Starts the store (or takes the other server) for the tests of a file, and ends it after them. */
export function useServer(options: Partial<EmbeddedMongoOptions> = {}): {
  client: () => MongoClient
  collection: () => Collection
  db: () => Db
  /** DocumentDB for PostgreSQL: another opinion, not always MongoDB's. */
  isReference: () => Promise<boolean>
} {
  let client: MongoClient
  let stop = async () => {}
  const database = `behaviour_${process.pid}_${Math.random().toString(36).slice(2, 8)}`
  let collections = 0
  beforeAll(async () => {
    let uri = otherServer
    if (uri === undefined) {
      const dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-test-'))
      const store = await startEmbeddedMongo({ dir, ...options })
      uri = store.uri
      stop = async () => {
        await store.close()
        await rm(dir, { recursive: true })
      }
    }
    client = await new MongoClient(uri, { monitorCommands: true }).connect()
  })
  afterAll(async () => {
    await client.db(database).dropDatabase()
    await client.close()
    await stop()
  })
  const db = () => client.db(database)
  const isReference = async () => (await db().command({ buildInfo: 1 })).gitVersion === 'documentdb-gateway'
  return { client: () => client, db, collection: () => db().collection(`c${++collections}`), isReference }
}

/** Every type spelled out: 1, 1.0 and 1L are told apart. */
export function exact(value: unknown): string {
  const bytes = BSON.serialize({ value } as Document)
  return BSON.EJSON.stringify(BSON.deserialize(bytes, { promoteValues: false, bsonRegExp: true }).value, {
    relaxed: false,
  })
}

export const { Long, Double, Decimal128, ObjectId, Timestamp, MinKey, MaxKey, Binary, UUID, BSONRegExp } = BSON
export const long = (value: number | string) => Long.fromString(String(value))
export const double = (value: number) => new Double(value)
export const decimal = (value: string) => Decimal128.fromString(value)
