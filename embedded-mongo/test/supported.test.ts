import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { documentStages } from '../aggregate/document-stages.ts'
import { expressionOperators } from '../aggregate/operators.ts'
import { lasting, reading, writing } from '../commands/registry.ts'
import { commands, indexOptions, operators } from '../supported.ts'
import { fieldOperators } from '../update/field-operators.ts'
import { isOtherServer, useServer } from './server-under-test.ts'

const server = useServer()
const refusal = (command: Document): Promise<{ code?: number; message?: string; ok?: number }> =>
  server
    .db()
    .command(command)
    .catch((error) => error)

it('states every command there is, and no other', () => {
  const stated = Object.entries(commands).flatMap(([name, { aliases = [] }]) => [name, ...aliases])
  expect(stated.sort()).toEqual([...reading.keys(), ...writing.keys(), ...lasting.keys()].sort())
})

it('states every operator that the parsers know by a table, and no other', () => {
  expect([...operators.expression].sort()).toEqual(['$literal', ...expressionOperators.keys()].sort())
  expect([...operators.update].sort()).toEqual(['$rename', '$setOnInsert', ...fieldOperators.keys()].sort())
  expect([...operators.updateStage].sort()).toEqual([...documentStages.keys()].sort())
})

/** A use of each that is complete enough to be read; by it the parser shows whether it knows the name. */
const filterOperands: Record<string, unknown> = {
  ...{ $in: [1], $nin: [1], $all: [1], $type: 'int', $mod: [2, 0], $not: { $gt: 1 }, $elemMatch: { $gt: 1 } },
  ...{ $regex: 'a', $exists: true, $size: 1 },
}
const topLevel: Record<string, unknown> = { $and: [{}], $or: [{}], $nor: [{ a: 1 }], $expr: true, $comment: 'x' }
const filterOf = (name: string): Document => {
  if (name in topLevel) return { [name]: topLevel[name] }
  return { a: name === '$options' ? { $regex: 'a', $options: 'i' } : { [name]: filterOperands[name] ?? 1 } }
}
const stageSpecifications: Record<string, unknown> = {
  ...{ $match: {}, $sort: { a: 1 }, $skip: 1, $limit: 1, $project: { a: 1 }, $addFields: { b: 1 }, $set: { b: 1 } },
  ...{ $unset: 'b', $replaceRoot: { newRoot: '$$ROOT' }, $replaceWith: '$$ROOT', $group: { _id: '$a' }, $count: 'n' },
  ...{ $unwind: '$a', $lookup: { from: 'c', localField: 'a', foreignField: 'b', as: 'd' } },
}
const aggregate = (stage: Document) => refusal({ aggregate: 'none', pipeline: [stage], cursor: {} })

it('reads every filter operator, stage, accumulator and variable that it states', async () => {
  for (const name of operators.filter)
    expect(await refusal({ find: 'none', filter: filterOf(name) }), name).toMatchObject({ ok: 1 })
  for (const name of operators.stage)
    expect(await aggregate({ [name]: stageSpecifications[name] }), name).toMatchObject({ ok: 1 })
  for (const name of operators.accumulator)
    expect(
      await aggregate({ $group: { _id: null, x: { [name]: name === '$count' ? {} : '$a' } } }),
      name,
    ).toMatchObject({
      ok: 1,
    })
  for (const name of operators.variable)
    expect(await aggregate({ $project: { x: name } }), name).toMatchObject({ ok: 1 })
})

describe.skipIf(isOtherServer)('what is left out is refused with an error of MongoDB', () => {
  /** Names that MongoDB's manual has and supported.ts has not. */
  const others = {
    filter: ['$where', '$text', '$jsonSchema', '$rand', '$sampleRate'],
    fieldFilter: [
      ...['$bitsAllSet', '$bitsAnySet', '$bitsAllClear', '$bitsAnyClear', '$geoWithin', '$geoIntersects'],
      ...['$near', '$nearSphere'],
    ],
    stage: [
      ...['$out', '$merge', '$bucket', '$bucketAuto', '$changeStream', '$collStats', '$densify', '$documents'],
      ...['$facet', '$fill', '$geoNear', '$graphLookup', '$indexStats', '$listSessions', '$planCacheStats'],
      ...['$redact', '$sample', '$search', '$setWindowFields', '$sortByCount', '$unionWith'],
    ],
    update: ['$bit', '$pushAll'],
    accumulator: ['$top', '$topN', '$bottom', '$firstN', '$lastN', '$maxN', '$stdDevPop', '$median', '$mergeObjects'],
    expression: [
      ...['$toObjectId', '$toDate', '$toInt', '$convert', '$round', '$dateDiff', '$dateToString', '$map', '$filter'],
      ...['$reduce', '$let', '$function', '$getField', '$rand', '$substrCP', '$toUpper', '$regexMatch', '$abs', '$mod'],
    ],
  }
  const cases: [kind: string, names: string[], code: number, command: (name: string) => Document][] = [
    ['filters', others.filter, 2, (name) => ({ find: 'none', filter: { [name]: 1 } })],
    ['filters of a field', others.fieldFilter, 2, (name) => ({ find: 'none', filter: { a: { [name]: 1 } } })],
    ['stages', others.stage, 40324, (name) => ({ aggregate: 'none', pipeline: [{ [name]: {} }], cursor: {} })],
    [
      'accumulators',
      others.accumulator,
      15952,
      (name) => ({ aggregate: 'none', pipeline: [{ $group: { _id: 1, x: { [name]: 1 } } }], cursor: {} }),
    ],
    [
      'expressions',
      others.expression,
      168,
      (name) => ({ aggregate: 'none', pipeline: [{ $addFields: { x: { [name]: 1 } } }], cursor: {} }),
    ],
    [
      'fields of commands',
      [
        'find',
        'aggregate',
        'insert',
        'update',
        'delete',
        'count',
        'distinct',
        'findAndModify',
        'create',
        'drop',
        'ping',
      ],
      40415,
      (name) => ({ [name]: 'none', nonsense: 1 }),
    ],
    [
      'options of commands',
      Object.entries(commands).flatMap(([name, { refused = [] }]) => refused.map((option) => `${name} ${option}`)),
      115,
      (both) => {
        const [name = '', option = ''] = both.split(' ')
        return { [name]: 'none', [option]: { a: 1 } }
      },
    ],
    ['commands', ['mapReduce', 'geoSearch', 'compact', 'renameCollection', 'collMod'], 59, (name) => ({ [name]: 'c' })],
  ]
  for (const [kind, names, code, command] of cases) {
    it(kind, async () => {
      for (const name of names) expect(await refusal(command(name)), name).toMatchObject({ code })
    })
  }

  it('update operators, constants and fields of statements', async () => {
    const update = (statement: Document) => refusal({ update: 'none', updates: [{ q: {}, ...statement }] })
    for (const name of others.update)
      expect(await update({ u: { [name]: { a: 1 } } }), name).toMatchObject({ writeErrors: [{ code: 9 }] })
    expect(await update({ u: [{ $set: { a: 1 } }], c: { x: 1 } })).toMatchObject({ code: 115 })
    expect(await update({ u: { a: 1 }, nonsense: 1 })).toMatchObject({ code: 40415 })
    expect(await refusal({ delete: 'none', deletes: [{ q: {}, limit: 1, nonsense: 1 }] })).toMatchObject({
      code: 40415,
    })
  })
})

const list = (names: readonly string[]) => `\`${names.join(' ')}\``

/** The lines between README's two marks. */
function table(): string {
  const rows: [string, string][] = [
    ['Commands', Object.keys(commands).join(', ')],
    ['Filters', `${list(operators.filter)}, dotted paths`],
    [
      'Updates',
      `${list(operators.update)}, ${list(operators.updateModifier)}, the positional ${list(operators.updatePath)}, pipelines of ${list(operators.updateStage)}, upserts`,
    ],
    ['Projections', `include, exclude, computed, ${list(operators.projection)}`],
    ['Stages', `${list(operators.stage)} (\`$lookup\` by localField and foreignField)`],
    ['Accumulators', list(operators.accumulator)],
    ['Expressions', `field paths, ${list(operators.variable)}, ${list(operators.expression)}`],
    ['Indexes', `single, compound, multikey; ${list(indexOptions)} (swept every minute); \`hint\``],
    [
      'Refused options',
      Object.entries(commands)
        .filter(([, { refused = [] }]) => refused.length > 0)
        .map(([name, { refused = [] }]) => `${name}: ${list(refused)}`)
        .join('; '),
    ],
  ]
  return ['| | |', '| --- | --- |', ...rows.map(([name, what]) => `| ${name} | ${what} |`)].join('\n')
}

it('tells in its README what it states (`-u` writes it anew)', async () => {
  const file = join(import.meta.dirname, '..', 'README.md')
  const readme = await readFile(file, 'utf8')
  const written = readme.replace(/(<!-- supported\.ts -->\n).*?(\n<!-- end -->)/s, (_, from, to) => from + table() + to)
  expect(written).toContain(table())
  await expect(written).toMatchFileSnapshot(file)
})
