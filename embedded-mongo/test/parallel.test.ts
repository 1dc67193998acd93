import fc from 'fast-check'
import type { Collection, Document } from 'mongodb'
import { expect, it } from 'vitest'
import { isOtherServer, useServer } from './server-under-test.ts'

const server = useServer()
const rounds = Number(process.env.PARALLEL_ROUNDS ?? 15)

/** The simple model: what the collection holds. `k` is unique. */
type State = Map<number, { k: string; n: number }>
interface Step {
  name: string
  command: (collection: string) => Document
  /** What it does to the model, and what the answer then is. */
  model: (state: State) => unknown
}

const id = fc.integer({ min: 0, max: 5 })
const key = fc.constantFrom('a', 'b', 'c', 'd')
const amount = fc.integer({ min: 0, max: 3 })
const holderOf = (state: State, k: string) => [...state].find(([, each]) => each.k === k)?.[0]
const inOrder = (state: State) => [...state].sort(([a], [b]) => a - b)
const documents = (state: State) => inOrder(state).map(([_id, { k, n }]) => ({ _id, k, n }))

const insert = fc.tuple(id, key, amount).map(
  ([_id, k, n]): Step => ({
    name: `insert ${_id} ${k} ${n}`,
    command: (collection) => ({ insert: collection, documents: [{ _id, k, n }] }),
    model: (state) => {
      if (state.has(_id) || holderOf(state, k) !== undefined) return { n: 0, error: 11000 }
      state.set(_id, { k, n })
      return { n: 1 }
    },
  }),
)
const upsert = fc.tuple(id, key, amount).map(
  ([_id, k, by]): Step => ({
    name: `upsert ${_id} ${k} +${by}`,
    command: (collection) => ({
      update: collection,
      updates: [{ q: { _id }, u: { $inc: { n: by }, $setOnInsert: { k } }, upsert: true }],
    }),
    model: (state) => {
      const held = state.get(_id)
      if (held) {
        state.set(_id, { ...held, n: held.n + by })
        return { n: 1, nModified: by === 0 ? 0 : 1 }
      }
      if (holderOf(state, k) !== undefined) return { n: 0, nModified: 0, error: 11000 }
      state.set(_id, { k, n: by })
      return { n: 1, nModified: 0 }
    },
  }),
)
const rename = fc.tuple(id, key).map(
  ([_id, k]): Step => ({
    name: `rename ${_id} ${k}`,
    command: (collection) => ({ update: collection, updates: [{ q: { _id }, u: { $set: { k } } }] }),
    model: (state) => {
      const held = state.get(_id)
      const holder = holderOf(state, k)
      if (!held) return { n: 0, nModified: 0 }
      if (holder !== undefined && holder !== _id) return { n: 0, nModified: 0, error: 11000 }
      state.set(_id, { ...held, k })
      return { n: 1, nModified: held.k === k ? 0 : 1 }
    },
  }),
)
const raise = amount.map(
  (least): Step => ({
    name: `raise all from ${least}`,
    command: (collection) => ({
      update: collection,
      updates: [{ q: { n: { $gte: least } }, u: { $inc: { n: 1 } }, multi: true }],
    }),
    model: (state) => {
      const raised = [...state].filter(([, { n }]) => n >= least)
      for (const [_id, { k, n }] of raised) state.set(_id, { k, n: n + 1 })
      return { n: raised.length, nModified: raised.length }
    },
  }),
)
const claim = amount.map(
  (below): Step => ({
    name: `claim the last below ${below}`,
    command: (collection) => ({
      findAndModify: collection,
      query: { n: { $lt: below } },
      sort: { _id: -1 },
      update: { $inc: { n: 10 } },
    }),
    model: (state) => {
      const [_id, held] = inOrder(state).findLast(([, { n }]) => n < below) ?? []
      if (_id === undefined || !held) return { value: null }
      state.set(_id, { ...held, n: held.n + 10 })
      return { value: { _id, ...held } }
    },
  }),
)
const remove = amount.map(
  (least): Step => ({
    name: `remove all from ${least}`,
    command: (collection) => ({ delete: collection, deletes: [{ q: { n: { $gte: least } }, limit: 0 }] }),
    model: (state) => {
      const gone = [...state].filter(([, { n }]) => n >= least)
      for (const [_id] of gone) state.delete(_id)
      return { n: gone.length }
    },
  }),
)
const read = fc.constant<Step>({
  name: 'read all',
  command: (collection) => ({ find: collection, sort: { _id: 1 } }),
  model: (state) => ({ found: documents(state) }),
})
const step = fc.oneof(
  { weight: 4, arbitrary: insert },
  { weight: 3, arbitrary: upsert },
  rename,
  raise,
  claim,
  remove,
  read,
)

async function run(collection: Collection, { command }: Step): Promise<unknown> {
  const answer = await server.db().command(command(collection.collectionName))
  if (answer.cursor) return { found: answer.cursor.firstBatch }
  const { n, nModified, value, writeErrors } = answer
  return { n, nModified, value, error: writeErrors?.[0].code }
}

function* orders<T>(list: T[]): Generator<T[]> {
  if (list.length <= 1) yield list
  for (const [at, first] of list.entries())
    if (list.length > 1) for (const rest of orders(list.toSpliced(at, 1))) yield [first, ...rest]
}

/** Whether one after the other, in some order, gives these answers and leaves this. */
function isExplained(state: State, answered: { step: Step; answer: unknown }[], left: Document[]): boolean {
  const plain = (value: unknown) => JSON.stringify(value)
  for (const order of orders(answered)) {
    const trial: State = new Map(state)
    const fits = order.every(({ step, answer }) => plain(sorted(step.model(trial))) === plain(sorted(answer)))
    if (fits && plain(documents(trial)) === plain(left)) return true
  }
  return false
}

/** The fields of an answer in one order, without those that are not there. */
const sorted = (answer: unknown) =>
  Object.entries(answer as object)
    .filter(([, value]) => value !== undefined)
    .sort()

// MongoDB itself promises that of single documents alone.
it.skipIf(isOtherServer)(
  'answers commands in parallel as if they had come one after another',
  {
    timeout: 60_000 + rounds * 2_000,
  },
  async () => {
    const batches = fc.array(fc.array(step, { minLength: 2, maxLength: 4 }), { minLength: 8, maxLength: 8 })
    const property = fc.asyncProperty(batches, async (all) => {
      const collection = server.collection()
      await collection.createIndex({ k: 1 }, { unique: true })
      await collection.createIndex({ n: 1 })
      let state: State = new Map()
      for (const batch of all) {
        const answered = await Promise.all(
          batch.map(async (each) => ({ step: each, answer: await run(collection, each) })),
        )
        const left = await collection.find().sort({ _id: 1 }).toArray()
        const told = answered.map(({ step: { name }, answer }) => `${name}: ${JSON.stringify(answer)}`)
        expect(isExplained(state, answered, left), JSON.stringify([[...state], told, left])).toBe(true)
        state = new Map(left.map(({ _id, k, n }) => [Number(_id), { k, n }]))
        expect(
          (
            await collection
              .find({ n: { $gte: 0 } })
              .hint('n_1')
              .toArray()
          ).length,
        ).toBe(state.size)
        expect(
          (
            await collection
              .find({ k: { $gte: '' } })
              .hint('k_1')
              .toArray()
          ).length,
        ).toBe(state.size)
      }
    })
    await fc.assert(property, { numRuns: rounds })
  },
)
