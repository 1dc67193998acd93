import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose, { Schema, type Types } from 'mongoose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmbeddedMongo, startEmbeddedMongo } from '../server.ts'
import { recordCommands } from './recorded-commands.ts'

let dir: string
let store: EmbeddedMongo
let connection: mongoose.Connection
let recorded: ReturnType<typeof recordCommands>
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-mongoose-'))
  store = await startEmbeddedMongo({ dir })
  connection = await mongoose.createConnection(store.uri, { dbName: 'house', monitorCommands: true }).asPromise()
  recorded = recordCommands(connection.getClient())
})
afterAll(async () => {
  await connection.close()
  await store.close()
  await rm(dir, { recursive: true })
})

it('builds the indexes of a model, and populates a reference', async () => {
  const Person = connection.model('Person', new Schema({ name: { type: String, unique: true } }))
  const Order = connection.model('Order', new Schema({ person: { type: Schema.Types.ObjectId, ref: 'Person' } }))
  await Person.init()
  const ann = await Person.create({ name: 'Ann' })
  await expect(Person.create({ name: 'Ann' })).rejects.toMatchObject({ code: 11000, keyPattern: { name: 1 } })
  await Order.create({ person: ann._id })
  const order = await Order.findOne().populate<{ person: { name: string } }>('person').orFail()
  expect(order.person.name).toBe('Ann')
})

it('saves what has changed, with versions and timestamps', async () => {
  const schema = new Schema(
    { tags: [String], nested: { count: Number } },
    { timestamps: true, optimisticConcurrency: true },
  )
  const Note = connection.model('Note', schema)
  const note = await Note.create({ tags: ['a'], nested: { count: 1 } })
  const other = await Note.findById(note._id).orFail()
  note.tags.push('b')
  await note.save()
  other.set('nested.count', 5)
  await expect(other.save()).rejects.toThrow('No matching document')
  expect((await Note.findById(note._id).lean().orFail()).tags).toEqual(['a', 'b'])
})

it('takes a lease by the clock of the database, once', async () => {
  interface Lease {
    _id: Types.ObjectId
    until: Date
    epoch: number
  }
  const Lease = connection.model<Lease>('Lease', new Schema<Lease>({ until: Date, epoch: Number }))
  const { _id } = await Lease.create({ until: new Date(0), epoch: 0 })
  const take = () =>
    Lease.findOneAndUpdate(
      { _id, $expr: { $lt: ['$until', '$$NOW'] } },
      [{ $set: { until: { $add: ['$$NOW', 15_000] }, epoch: { $add: ['$epoch', 1] } } }],
      { returnDocument: 'after', updatePipeline: true },
    )
  const taken = (await Promise.all([take(), take(), take()])).filter((lease) => lease !== null)
  expect(taken).toHaveLength(1)
  expect(taken[0]?.epoch).toBe(1)
})

it('walks a large collection by a cursor and writes in bulk', async () => {
  const Delivery = connection.model('Delivery', new Schema({ n: { type: Number, index: true }, state: String }))
  await Delivery.init()
  await Delivery.insertMany(
    Array.from({ length: 500 }, (_, n) => ({ n, state: 'queued' })),
    { ordered: false },
  )
  const writes = Array.from({ length: 500 }, (_, n) => ({
    updateOne: { filter: { n }, update: { $set: { state: 'sent' } } },
  }))
  expect((await Delivery.bulkWrite(writes)).modifiedCount).toBe(500)
  let seen = 0
  for await (const delivery of Delivery.find({ state: 'sent' }).sort({ n: 1 }).batchSize(50).cursor())
    expect(delivery.n).toBe(seen++)
  expect(seen).toBe(500)
})

it('changes subdocuments in their array, and keeps those of different kinds apart', async () => {
  const schema = new Schema({ items: [new Schema({ stars: Number, notes: [String] })] })
  const Review = connection.model('Review', schema)
  await Review.create({ items: [{ stars: 5, notes: ['a'] }, { stars: 1 }] })
  await Review.updateOne({ 'items.stars': 5 }, { $set: { 'items.$.stars': 4 } })
  await Review.updateOne({}, { $inc: { 'items.$[low].stars': 10 } }, { arrayFilters: [{ 'low.stars': { $lt: 3 } }] })
  const review = await Review.findOne().orFail()
  review.items[0]?.notes.push('b')
  review.items.push({ stars: 2 })
  await review.save()
  review.items.splice(1, 1)
  await review.save()
  const items = (await Review.findOne().lean().orFail()).items.map(({ stars, notes }) => [stars, notes])
  expect(items).toEqual([
    [4, ['a', 'b']],
    [2, []],
  ])
  const Happening = connection.model('Happening', new Schema({ at: Number }, { discriminatorKey: 'kind' }))
  const Click = Happening.discriminator('Click', new Schema({ url: String }))
  await Click.create({ at: 1, url: 'u' })
  await Happening.create({ at: 2 })
  expect([await Click.countDocuments(), await Happening.countDocuments()]).toEqual([1, 2])
})

it('brings the indexes in line with a schema', async () => {
  const schema = new Schema({ a: { type: Number, index: true }, c: Date }, { autoIndex: false })
  schema.index({ a: 1, b: -1 }).index({ c: 1 }, { expireAfterSeconds: 100 })
  const Indexed = connection.model('Indexed', schema)
  await Indexed.createCollection()
  await Indexed.collection.createIndex({ old: 1 })
  expect(await Indexed.syncIndexes()).toEqual(['old_1'])
  expect(await Indexed.syncIndexes()).toEqual([])
  expect((await Indexed.listIndexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1', 'a_1_b_-1', 'c_1'])
})

it('has sent nothing that is not stated as supported', () => {
  expect([...recorded.sent]).toEqual(
    expect.arrayContaining(['insert', 'update', 'find', 'findAndModify', 'createIndexes']),
  )
  expect([...recorded.unstated]).toEqual([])
})
