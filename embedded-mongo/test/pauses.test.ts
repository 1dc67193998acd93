import fc from 'fast-check'
import type { Document } from 'mongodb'
import { beforeAll, expect, it } from 'vitest'
import { compilePipeline } from '../aggregate/pipeline.ts'
import { DateTime, type Doc, Int32, type Value } from '../bson/values.ts'
import { mergeSort } from '../sort/merge-sort.ts'
import { sortStream } from '../sort/sorter.ts'
import type { Stream } from '../stream.ts'
import { isOtherServer, useServer } from './server-under-test.ts'

const server = useServer()
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)
const lists = () => server.db().collection<Document>('lists')
// A million documents of one, and none is answered.
const endless: Document[] = [{ $unwind: '$a' }, { $unwind: '$b' }, { $match: { a: -1 } }]

beforeAll(async () => {
  await lists().insertOne({ a: numbers(1000), b: numbers(1000) })
})

it('lets others run while it makes much of one document', { timeout: 120_000 }, async () => {
  let done = false
  const answer = lists()
    .aggregate(endless)
    .toArray()
    .finally(() => {
      done = true
    })
  let pings = 0
  for (; !done; pings++) await server.db().command({ ping: 1 })
  expect(await answer).toEqual([])
  expect(pings).toBeGreaterThan(10)
})

it.skipIf(isOtherServer)('ends such work when its time is over', { timeout: 120_000 }, async () => {
  const late = lists().aggregate(endless, { maxTimeMS: 100 }).toArray()
  await expect(late).rejects.toMatchObject({ code: 50, codeName: 'MaxTimeMSExpired' })
})

const stage = (name: string, value: Value): Doc => new Map([[name, value]])
const list: Doc = new Map([['a', numbers(50).map((n) => new Int32(n))]])

/** The stages over one document with a list, as the engine would run them. */
function run(stages: Doc[], source: Stream<Doc>): Stream<Doc> {
  const compiled = compilePipeline(stages, { now: new DateTime(0n) }, () => () => source)
  return compiled(source)
}

function* only(document: Doc, atEnd = () => {}): Stream<Doc> {
  try {
    yield document
  } finally {
    atEnd()
  }
}

function busy(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

const unwound = stage('$unwind', '$a')
const holding: [name: string, stages: Doc[]][] = [
  ['$unwind', [unwound]],
  ['$sort', [unwound, stage('$sort', new Map([['a', new Int32(-1)]]))]],
  ['$group', [unwound, stage('$group', new Map([['_id', '$a']]))]],
]

it.for(holding)('pauses in %s when much time has gone by behind it', ([, stages]) => {
  const stream = run(stages, only(list))
  for (let given = 0; given < 5; given++) {
    let next = stream.next()
    while (next.value === undefined) next = stream.next()
    busy(10)
    expect(stream.next()).toEqual({ done: false, value: undefined })
  }
})

it.for(holding)('ends with %s what it reads from when nobody reads on', ([, stages]) => {
  let ended = false
  const stream = run(
    stages,
    only(list, () => {
      ended = true
    }),
  )
  while (stream.next().value === undefined);
  stream.return()
  expect(ended).toBe(true)
})

it('pauses while it sorts much', () => {
  function* shuffled(): Stream<Doc> {
    for (let n = 0; n < 20_000; n++) yield new Map([['n', new Int32((n * 7919) % 20_000)]])
  }
  const sort = [{ path: 'n', parts: ['n'], descending: false }]
  const stream = sortStream(shuffled(), { sort, keep: Number.POSITIVE_INFINITY, measure: (each) => [each, 1] })
  let pauses = 0
  while (stream.next().value === undefined) pauses++
  expect(pauses).toBeGreaterThan(20)
  stream.return()
})

it('sorts stably, as Array.sort does', () => {
  const entry = fc.record({ key: fc.integer({ min: 0, max: 50 }), at: fc.nat() })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 3000, size: 'max' }), (entries) => {
      const compare = (a: { key: number }, b: { key: number }) => a.key - b.key
      const sorting = mergeSort(entries, compare)
      let step = sorting.next()
      while (!step.done) step = sorting.next()
      expect(step.value).toEqual(entries.toSorted(compare))
    }),
    { numRuns: 50 },
  )
})
