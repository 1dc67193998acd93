import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type EmbeddedMongo, startEmbeddedMongo } from '../embedded-mongo/server.ts'
import { type LaunchedProcess, launch, runProcess } from './rookery-process.ts'

const documents = 20_000
const someBytes = 1024 * 1024
let dir: string
/** The folder of one test, new for each. */
let home: string
/** Stands for a MongoDB elsewhere. */
let elsewhere: EmbeddedMongo
let client: MongoClient
let tests = 0
// Each moves tens of thousands of documents between several processes, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  const tcp = { port: 0, user: 'u', password: 'the-password-of-elsewhere' }
  elsewhere = await startEmbeddedMongo({ dir: join(dir, 'elsewhere'), tcp })
  client = await new MongoClient(elsewhere.uri).connect()
  const text = 'x'.repeat(300)
  await client
    .db('full')
    .collection('notes')
    .insertMany(Array.from({ length: documents }, (_, n) => ({ n, text })))
})
beforeEach(async () => {
  home = join(dir, `home-${tests++}`)
  await mkdir(home)
})
afterAll(async () => {
  await client.close()
  await elsewhere.close()
  await rm(dir, { recursive: true })
})

const database = (name: string) => elsewhere.uri.replace('/?', `/${name}?`)
const notesIn = (db: Db) => db.collection('notes').countDocuments()

/** The command, when it has copied some and not all. */
async function halfDone(args: string[], copied: () => Promise<boolean>): Promise<LaunchedProcess> {
  const run = launch({ dir: home, args })
  await expect.poll(copied, { timeout: 45_000, interval: 5 }).toBe(true)
  return run
}

const importing = () => halfDone(['store:import', database('full')], hasImportedSome)

async function hasImportedSome(): Promise<boolean> {
  const found = await readdir(home, { recursive: true })
  const sizes = found.filter((name) => /store\.sqlite/.test(name)).map((name) => stat(join(home, name)))
  return (await Promise.all(sizes)).some(({ size }) => size > someBytes)
}

const exporting = (to: string) =>
  halfDone(['store:export', database(to)], async () => (await notesIn(client.db(to))) > 0)

test('the half of a killed import is no store: each start refuses it, and the next import begins anew', async () => {
  await (await importing()).stop('SIGKILL')
  const left = await readdir(home)
  expect(left).toEqual([expect.stringMatching(/^store\.import-/)])
  const refusals = await Promise.all([
    runProcess({ dir: home, args: ['claim'] }),
    runProcess({ dir: home }),
    ended(launch({ dir: home, env: { STORE_PORT: '0' }, file: 'store-server.ts' })),
  ])
  const remedy = /^DATA_DIR: an import into it .* was killed; .*npm run store:import.* or remove .*store\.import-\w+\n$/
  for (const refusal of refusals) expect(refusal).toMatchObject({ code: 1, log: expect.stringMatching(remedy) })
  expect(await readdir(home)).toEqual(left)
  const again = await runProcess({ dir: home, args: ['store:import', database('full')] })
  expect(again).toMatchObject({ code: 0, log: '' })
  expect(again.output).toMatch(/^Took away .*store\.import-\w+, .*\nImported 20000 documents/)
  expect(await readdir(home)).toEqual(['store.sqlite'])
  const store = await startEmbeddedMongo({ dir: home })
  const reader = await new MongoClient(store.uri).connect()
  expect(await notesIn(reader.db('rookery'))).toBe(documents)
  await reader.close()
  await store.close()
})

const ended = async ({ ended, log }: LaunchedProcess) => ({ code: await ended, log: log() })

test.each(['SIGINT', 'SIGTERM'] as const)(
  'an import that %s breaks off takes away what it has copied',
  async (signal) => {
    const run = await importing()
    expect(await run.stop(signal)).toBe(1)
    expect(run.log()).toMatch(/^Stopped by a signal .*run it again.*\n$/)
    expect(await readdir(home)).toEqual([])
  },
)

test('while an import is under way a second one is refused', async () => {
  const first = await importing()
  process.kill(first.pid, 'SIGSTOP')
  const second = await runProcess({ dir: home, args: ['store:import', database('full')] })
  expect(second).toMatchObject({ code: 1, log: expect.stringMatching(/^DATA_DIR: another import .* let it end\n$/) })
  process.kill(first.pid, 'SIGCONT')
  expect(await first.ended).toBe(0)
  expect(await readdir(home)).toEqual(['store.sqlite'])
})

test('an import that fails leaves no store, so that nothing is sealed with a new key there', async () => {
  const none = await runProcess({ dir: home, args: ['store:import', database('misspelt')] })
  expect(none).toMatchObject({
    code: 1,
    log: expect.stringMatching(/^The MongoDB to import from: misspelt holds no collections; .*\n$/),
  })
  expect(await readdir(home)).toEqual([])
})

test('an import takes the place of a store that holds nothing yet, and of no other', async () => {
  const other = await startEmbeddedMongo({ dir: home })
  await other.close()
  const small = client.db('small').collection<{ _id: number }>('notes')
  await small.insertOne({ _id: 1 })
  const args = ['store:import', database('small')]
  expect(await runProcess({ dir: home, args })).toMatchObject({ code: 0 })
  expect(await readdir(home)).toEqual(['store.sqlite'])
  const log = 'DATA_DIR: the store there is not empty; set DATA_DIR to an empty folder\n'
  expect(await runProcess({ dir: home, args })).toMatchObject({ code: 1, log })
})

test('an export that is broken off leaves nothing, one that is killed says at the next what to drop', async () => {
  expect(await runProcess({ dir: home, args: ['store:import', database('full')] })).toMatchObject({ code: 0 })
  const stopped = await exporting('stopped')
  expect(await stopped.stop('SIGTERM')).toBe(1)
  expect(stopped.log()).toMatch(/^Stopped by a signal .*run it again.*\n$/)
  expect(await client.db('stopped').listCollections().toArray()).toEqual([])
  await (await exporting('killed')).stop('SIGKILL')
  const args = ['store:export', database('killed')]
  expect(await runProcess({ dir: home, args })).toMatchObject({
    code: 1,
    log: expect.stringMatching(/^The MongoDB to export to: the target killed is not empty \(notes\); .* drop .*\n$/),
  })
  await client.db('killed').dropDatabase()
  expect(await runProcess({ dir: home, args })).toMatchObject({ code: 0 })
  expect(await notesIn(client.db('killed'))).toBe(documents)
})
