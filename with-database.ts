import { type Db, MongoClient } from 'mongodb'
import { explain } from './data-folder.ts'
import { startEmbeddedMongo } from './embedded-mongo/server.ts'
import { type Address, databaseNamed, explainMongoDb } from './mongodb-address.ts'

const ours: Address = { name: 'DATA_DIR', remedy: 'try again' }

/** Starts the embedded store in the folder for this work, and closes it afterwards. */
export async function withStore<T>(dir: string, work: (db: Db) => Promise<T>): Promise<T> {
  const store = await startEmbeddedMongo({ dir }).catch(explain)
  try {
    return await withDatabase(store.uri, work)
  } finally {
    await store.close()
  }
}

/** Connects for this work. @throws ConfigError where nothing answers at the address or it lets nobody in */
export async function withDatabase<T>(uri: string, work: (db: Db) => Promise<T>, address = ours): Promise<T> {
  const { client, db } = await connected(uri).catch((error) => {
    throw explainMongoDb(address, error)
  })
  try {
    return await work(db)
  } finally {
    await client.close()
  }
}

async function connected(uri: string): Promise<{ client: MongoClient; db: Db }> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 })
  try {
    // First what is wrong with the name, which needs nobody's answer.
    const db = client.db(databaseNamed(uri))
    await client.connect()
    return { client, db }
  } catch (error) {
    await client.close()
    throw error
  }
}
