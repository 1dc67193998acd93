import { mongo } from 'mongoose'
import { Person } from './person.ts'

const oldIndex = 'bot_1_userId_1'

/**
 * For a store from before several persons could share a user: that a user has one person is kept by `soleUserId` from now on. The old index
 * goes last, so that what breaks off is done again.
 */
export async function keepSoleUsersApart(): Promise<void> {
  const unique = (await indexes()).some((index) => index.name === oldIndex && index.unique)
  if (!unique) return
  const linked = { userId: { $exists: true }, soleUserId: { $exists: false } }
  await Person.updateMany(linked, [{ $set: { soleUserId: '$userId' } }], { updatePipeline: true })
  await Person.collection.dropIndex(oldIndex).catch(unless('IndexNotFound'))
}

/** A new store has no such collection yet. */
async function indexes(): Promise<{ name?: string; unique?: boolean }[]> {
  return (await Person.collection.indexes().catch(unless('NamespaceNotFound'))) ?? []
}

/** Another process that starts on the same store was faster. */
const codes = { NamespaceNotFound: 26, IndexNotFound: 27 }
const unless = (name: keyof typeof codes) => (error: unknown) => {
  if (!(error instanceof mongo.MongoServerError) || error.code !== codes[name]) throw error
}
