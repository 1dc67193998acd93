import fc from 'fast-check'
import type { Collection, Document, Filter } from 'mongodb'
import { expect, it } from 'vitest'
import { decimal, double, exact, isOtherServer, long, useServer } from './server-under-test.ts'

const server = useServer()
const rounds = Number(process.env.PLANNER_ROUNDS ?? 25)
const patienceMs = 90_000 + rounds * 2_000

const scalar = fc.constantFrom<unknown>(
  null,
  0,
  1,
  2,
  double(1),
  long(2),
  decimal('1.5'),
  'a',
  'b',
  true,
  new Date(5),
  Number.NaN,
)
const number = fc.integer({ min: 0, max: 3 })
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.array(number, { minLength: 2, maxLength: 3 }),
  fc.array(scalar, { maxLength: 3 }),
  fc.record({ x: scalar, y: scalar }, { requiredKeys: [] }),
  fc.array(fc.record({ x: scalar }, { requiredKeys: [] }), { maxLength: 2 }),
)
const document = fc.record({ a: value, b: value, c: scalar }, { requiredKeys: [] })
const path = fc.constantFrom('a', 'a', 'a', 'b', 'c', 'a.x', 'b.y', 'a.0')

const condition = fc.oneof(
  scalar.map((operand) => operand),
  fc
    .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne', '$eq'), scalar)
    .map(([op, operand]) => ({ [op]: operand })),
  {
    weight: 4,
    arbitrary: fc
      .tuple(number, number)
      .map(([low, high]) => ({ $gte: Math.min(low, high), $lte: Math.max(low, high) })),
  },
  fc.array(scalar, { maxLength: 3 }).map((list) => ({ $in: list })),
  fc.boolean().map((there) => ({ $exists: there })),
  scalar.map((operand) => ({ $elemMatch: { $eq: operand } })),
)
const clause = fc.tuple(path, condition).map(([name, test]): Document => ({ [name]: test }))
const filter = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(clause, { minLength: 1, maxLength: 2 }).map((clauses): Document => ({ $and: clauses })),
  },
  fc.array(clause, { minLength: 1, maxLength: 2 }).map((clauses): Document => ({ $or: clauses })),
  fc
    .tuple(clause, fc.array(clause, { minLength: 1, maxLength: 2 }))
    .map(([beside, clauses]): Document => ({ $and: [beside, { $or: clauses }] })),
)
const direction = fc.constantFrom(1, -1)
const sort = fc.uniqueArray(fc.tuple(path, direction), { maxLength: 2, selector: ([name]) => name })
const index = fc.record({
  key: fc.uniqueArray(fc.tuple(fc.oneof({ weight: 9, arbitrary: path }, fc.constant('_id')), direction), {
    minLength: 1,
    maxLength: 3,
    selector: ([name]) => name,
  }),
  options: fc.constantFrom(
    {},
    {},
    {},
    {},
    { sparse: true },
    { partialFilterExpression: { c: { $gt: 0 } } },
    { partialFilterExpression: { a: { $exists: true } } },
  ),
})
const update = fc.oneof(
  fc.tuple(path, value).map(([name, made]): Document => ({ $set: { [name]: made } })),
  path.map((name): Document => ({ $unset: { [name]: 1 } })),
  fc.tuple(path, scalar).map(([name, element]): Document => ({ $push: { [name]: element } })),
  fc.constantFrom<Document>({ $inc: { c: 1 } }, { $rename: { a: 'c' } }, [{ $set: { a: '$b' } }]),
  document,
)
const step = fc.tuple(fc.nat({ max: 19 }), update)

async function answer(collection: Collection, query: Document, order: [string, number][]): Promise<string> {
  const sorted = Object.fromEntries([...order, ['_id', 1]]) as Record<string, 1 | -1>
  const found = await collection
    .find(query as Filter<Document>)
    .sort(sorted)
    .toArray()
  return exact(found.map(({ _id }) => _id))
}

/** What stands in each index: the same as in one that is built anew of the documents. */
async function expectSound(collection: Collection, of: string): Promise<void> {
  const held = async (name: string) => exact((await collection.find({}).hint(name).toArray()).map(({ _id }) => _id))
  for (const { name, key, v: _version, ...options } of await collection.indexes()) {
    if (name === undefined || name === '_id_') continue
    const before = await held(name)
    await collection.dropIndex(name)
    await collection.createIndex(key, { name, ...options })
    expect(before, `${name} of ${of}`).toBe(await held(name))
  }
}

it.skipIf(isOtherServer)(
  'finds with any index what it finds without one, and keeps it in step with the documents',
  { timeout: patienceMs + 30_000 },
  async () => {
    const queries = fc.array(fc.tuple(filter, sort), { minLength: 25, maxLength: 25 })
    const property = fc.asyncProperty(
      fc.array(document, { minLength: 5, maxLength: 20 }),
      fc.array(index, { minLength: 2, maxLength: 4 }),
      fc.array(step, { maxLength: 10 }),
      queries,
      async (documents, indexes, steps, asked) => {
        const [plain, indexed] = [server.collection(), server.collection()]
        const numbered = documents.map((each, _id) => ({ _id, ...each })) as Document[]
        await plain.insertMany(numbered)
        let built = 0
        for (const [at, { key, options }] of indexes.entries()) {
          // Two arrays in one document refuse a compound index: then there is one index less.
          const create = indexed.createIndex(Object.fromEntries(key), { name: `i${at}`, ...options })
          await create.catch(() => undefined)
        }
        for (const each of numbered)
          built += await indexed.insertOne(each).then(
            () => 1,
            () => 0,
          )
        if (built < numbered.length)
          await plain.deleteMany({ _id: { $nin: (await indexed.distinct('_id')) as never[] } })
        for (const [_id, change] of steps) {
          const updates = [{ q: { _id }, u: change }]
          const done = await server.db().command({ update: indexed.collectionName, updates })
          // What the indexes refuse, two arrays in one document, is not done without them either.
          if (!done.writeErrors) await server.db().command({ update: plain.collectionName, updates })
        }
        const made = `indexes ${JSON.stringify(indexes)}, after ${exact(steps)}`
        await expectSound(indexed, made)
        for (const [query, order] of asked) {
          const [found, expected, counted] = await Promise.all([
            answer(indexed, query, order),
            answer(plain, query, order),
            indexed.countDocuments(query),
          ])
          const of = `${exact(query)} by ${JSON.stringify(order)}, ${made}`
          expect(found, of).toBe(expected)
          expect(counted, `count of ${of}`).toBe(JSON.parse(expected).length)
        }
      },
    )
    // What is found is told in time, though it could be made smaller yet.
    await fc.assert(property, {
      numRuns: rounds,
      interruptAfterTimeLimit: patienceMs,
      markInterruptAsFailure: true,
    })
  },
)
