import type { Collection, Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { documentFilters, type FilterRow, valueFilters } from './behaviour/filters.ts'
import { pipelines } from './behaviour/pipelines.ts'
import { distincts, projections, sorts, uniques } from './behaviour/reads.ts'
import { updates } from './behaviour/updates.ts'
import { exact, isOtherServer, useServer } from './server-under-test.ts'

const server = useServer()

/**
 * One row. A source with "left out" is about this store alone. One with "reference:" (or a facts row of the kind "R…,
 * not to copy") says why the reference engine answers otherwise: there such a row may fail, and the report tells its
 * reason.
 */
function row(title: string, source: string, holds: () => Promise<void>): void {
  it.skipIf(isOtherServer && source.includes('left out'))(`${title} (${source})`, async ({ skip }) => {
    const excused = /reference: .*|R\d+, not to copy/.exec(source)?.[0]
    if (!excused || !(await server.isReference())) return holds()
    if (excused.includes('R1 ')) skip(excused)
    const failed = await holds().then(
      () => false,
      () => true,
    )
    skip(failed, `does not hold on the reference: ${excused}`)
  })
}

async function filled(documents: Document[]): Promise<Collection> {
  const collection = server.collection()
  if (documents.length > 0) await collection.insertMany(documents.map((each, _id) => ({ _id, ...each }) as Document))
  return collection
}

const isCode = (expected: unknown): expected is { code: number } =>
  typeof expected === 'object' && expected !== null && 'code' in expected

async function expectExactly(answer: Promise<unknown>, expected: unknown): Promise<void> {
  if (isCode(expected)) {
    const error = await answer.then(
      (value) => exact(value),
      (refused: { code: unknown }) => ({ code: Number(refused.code) }),
    )
    expect(error).toEqual(expected)
  } else expect(exact(await answer)).toBe(exact(expected))
}

function filterTable(rows: FilterRow[], document: (value: unknown) => Document): void {
  for (const [values, filter, found, source] of rows) {
    row(`${JSON.stringify(values)} by ${exact(filter)} gives ${JSON.stringify(found)}`, source, async () => {
      const collection = await filled(values.map(document))
      const search = async () => (await collection.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id)
      await expectExactly(search(), found)
      if (isCode(found)) return
      // An index must never change an answer.
      await collection.createIndex({ a: 1 })
      await expectExactly(search(), found)
    })
  }
}

describe('filters find', () => {
  filterTable(valueFilters, (a) => ({ a }))
  filterTable(documentFilters, (value) => value as Document)
})

describe('updates', () => {
  for (const { before, update, after, source, filter = {}, arrayFilters, upsert = false, modified } of updates) {
    row(
      `${JSON.stringify(before)} by ${exact(update)} where ${exact(filter)} becomes ${exact(after)}`,
      source,
      async () => {
        const collection = await filled(before ? [before] : [])
        const change = async () => {
          const { modifiedCount } = await collection.updateOne(filter, update, {
            upsert,
            ...(arrayFilters ? { arrayFilters } : {}),
          })
          if (modified !== undefined) expect(modifiedCount).toBe(modified)
          return collection.findOne({}, { projection: { _id: 0 }, promoteValues: false })
        }
        await expectExactly(change(), after)
      },
    )
  }
})

describe('aggregations', () => {
  for (const [documents, pipeline, out, source] of pipelines) {
    row(`${exact(pipeline)} of ${exact(documents)}`, source, async () => {
      const collection = await filled(documents)
      await expectExactly(collection.aggregate(pipeline, { promoteValues: false }).toArray(), out)
    })
  }
})

describe('projections', () => {
  for (const [document, projection, left, source, filter = {}] of projections) {
    row(`${exact(projection)} of ${exact(document)}`, source, async () => {
      const collection = await filled([document])
      await expectExactly(collection.findOne(filter, { projection, promoteValues: false }), left)
    })
  }
})

describe('sorts', () => {
  for (const [path, values, source] of sorts) {
    row(`by ${path}: ${JSON.stringify(values)}`, source, async () => {
      const collection = await filled(values.map((n) => ({ n })).toReversed())
      const order = async (direction: 1 | -1) =>
        (
          await collection
            .find()
            .sort({ [path]: direction })
            .toArray()
        ).map(({ _id }) => _id)
      const ascending = values.map((_, at) => values.length - 1 - at)
      expect(await order(1)).toEqual(ascending)
      await collection.createIndex({ [path]: 1 })
      expect(await order(1)).toEqual(ascending)
    })
  }
})

describe('distinct', () => {
  for (const [documents, key, values, source] of distincts) {
    row(`${key} of ${exact(documents)}`, source, async () => {
      const collection = await filled(documents)
      const { collectionName } = collection
      const answer = await server.db().command({ distinct: collectionName, key }, { promoteValues: false })
      expect(exact(answer.values)).toBe(exact(values))
    })
  }
})

describe('a unique index', () => {
  for (const [held, inserted, taken, source] of uniques) {
    row(`with ${exact(held)} ${taken ? 'takes' : 'refuses'} ${exact(inserted)}`, source, async () => {
      const collection = await filled([{ a: held }])
      await collection.createIndex({ a: 1 }, { unique: true })
      const insert = collection.insertOne(inserted === undefined ? {} : { a: inserted })
      await expect(
        insert.then(
          () => true,
          (error) => error.code,
        ),
      ).resolves.toBe(taken || 11000)
    })
  }
})
