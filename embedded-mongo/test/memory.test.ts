import type { Document } from 'mongodb'
import { beforeAll, expect, it } from 'vitest'
import { defaultLimits } from '../limits.ts'
import { isOtherServer, useServer } from './server-under-test.ts'

// A hundredth of what they are.
const limits = { stageBytes: 1024 * 1024, sharedBytes: 2.5 * 1024 * 1024 }
const server = useServer({ limits })
const pushed = { $group: { _id: null, texts: { $push: '$text' } } }
const unwound = (count: number): Document[] => [{ $match: { _id: 1 } }, { $unwind: '$numbers' }, { $limit: count }]
const one = () => server.db().collection<Document>('one')
const large = () => server.db().collection<Document>('large')
const aggregate = (pipeline: Document[], options = {}) => one().aggregate(pipeline, options).toArray()
const tooMuch = { code: 292, codeName: 'QueryExceededMemoryLimitNoDiskUseAllowed' }

// In MongoDB 6 and later stages write to the disk where they hold too much; the reference engine has other limits.
const embedded = it.skipIf(isOtherServer)

beforeAll(async () => {
  await one().insertOne({
    _id: 1 as never,
    text: 'x'.repeat(10_000),
    numbers: Array.from({ length: 150 }, (_, n) => n),
  })
  const text = (n: number) => `${n}`.padStart(100_000, '-')
  await large().insertMany(Array.from({ length: 14 }, (_, n) => ({ n, kind: 'large', text: text(n) })))
})

it('has the limit of MongoDB', () => {
  expect(defaultLimits.stageBytes).toBe(100 * 1024 * 1024)
})

embedded('sorts what the limit lets it hold, and the first few of more', async () => {
  await expect(large().find().sort({ n: -1 }).toArray()).rejects.toMatchObject(tooMuch)
  const first = large().find({}, { projection: { n: 1, _id: 0 } })
  expect(await first.sort({ n: -1 }).skip(1).limit(2).toArray()).toEqual([{ n: 12 }, { n: 11 }])
})

embedded('sorts so in an aggregation too', async () => {
  const sort = { $sort: { numbers: -1 } }
  await expect(aggregate([...unwound(150), sort])).rejects.toMatchObject(tooMuch)
  const [third, ...others] = await aggregate([...unwound(150), sort, { $skip: 2 }, { $limit: 1 }])
  expect(third?.numbers).toBe(147)
  expect(others).toEqual([])
})

embedded('groups what the limit lets it hold', async () => {
  const last = { $group: { _id: '$numbers', last: { $last: '$text' } } }
  await expect(aggregate([...unwound(150), last])).rejects.toMatchObject(tooMuch)
  expect(await aggregate([...unwound(90), last, { $count: 'groups' }])).toEqual([{ groups: 90 }])
})

embedded('gathers no more than the limit in one list', async () => {
  const exceeded = { code: 146, codeName: 'ExceededMemoryLimit' }
  await expect(aggregate([...unwound(150), pushed])).rejects.toMatchObject(exceeded)
  const distinct = { $concat: [{ $toString: '$numbers' }, '$text'] }
  const set = { $group: { _id: null, texts: { $addToSet: distinct } } }
  await expect(aggregate([...unwound(150), set])).rejects.toMatchObject(exceeded)
})

embedded('joins no more than the limit to one document', async () => {
  const joined = { $lookup: { from: 'large', localField: 'kind', foreignField: 'kind', as: 'all' } }
  const pipeline = [{ $match: { _id: 1 } }, { $project: { kind: { $literal: 'large' } } }, joined, { $count: 'n' }]
  await expect(aggregate(pipeline)).rejects.toMatchObject({ code: 4568 })
})

embedded('answers no document and no list of distinct values beyond 16 MB', async () => {
  const huge = server.collection()
  for (const n of [1, 2]) await huge.insertOne({ n, text: `${n}`.padStart(8_400_000, '-') })
  const tooLarge = { code: 10334, codeName: 'BSONObjectTooLarge' }
  const twice = { a: '$text', b: '$text' }
  await expect(huge.findOne({ n: 1 }, { projection: twice })).rejects.toMatchObject(tooLarge)
  await expect(huge.aggregate([{ $project: twice }]).toArray()).rejects.toMatchObject(tooLarge)
  await expect(huge.distinct('text')).rejects.toMatchObject({ code: 17217 })
  expect(await huge.distinct('text', { n: 1 })).toHaveLength(1)
})

embedded('counts what all hold together, and again when it is given back', async () => {
  const held = [...unwound(95), { $sort: { numbers: 1 } }]
  const open = () =>
    server.db().command({ aggregate: 'one', pipeline: held, cursor: { batchSize: 1 } }, { promoteLongs: false })
  const ids: unknown[] = []
  for (let count = 0; count < 2; count++) ids.push((await open()).cursor.id)
  await expect(open()).rejects.toMatchObject({ ...tooMuch, message: expect.stringContaining('together') })
  await server.db().command({ killCursors: 'one', cursors: ids })
  const [first] = await aggregate([...held, { $limit: 1 }, { $project: { numbers: 1 } }])
  expect(first).toMatchObject({ numbers: 0 })
})

embedded('gives back what a command held that failed', async () => {
  for (let round = 0; round < 3; round++) {
    const failed = aggregate([...unwound(150), { $sort: { numbers: 1 } }])
    await expect(failed).rejects.toMatchObject({ message: expect.stringContaining('Sort exceeded') })
    await expect(aggregate([...unwound(150), pushed])).rejects.toMatchObject({ code: 146 })
    const slow = { $lookup: { from: 'large', localField: 'numbers', foreignField: 'none', as: 'none' } }
    const late = aggregate([...unwound(90), { $sort: { numbers: 1 } }, slow, { $count: 'n' }], { maxTimeMS: 5 })
    await expect(late).rejects.toMatchObject({ code: 50 })
  }
})
