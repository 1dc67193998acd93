import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSettings, type Settings } from '../config/settings.ts'
import { type EmbeddedMongo, startEmbeddedMongo } from '../embedded-mongo/server.ts'
import { connectPerson } from '../sandbox/person.ts'
import { backUpStore, exportStore, importStore } from '../store-commands.ts'
import { launch, runProcess, startProcess } from './rookery-process.ts'

let dir: string
/** Stands for a MongoDB elsewhere. */
let elsewhere: EmbeddedMongo
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rookery-'))
  const tcp = { port: 0, user: 'u', password: 'the-password-of-elsewhere' }
  elsewhere = await startEmbeddedMongo({ dir: join(dir, 'elsewhere'), tcp })
  for (const each of ['home', 'second', 'third', 'empty']) await mkdir(join(dir, each))
})
afterAll(async () => {
  await elsewhere.close()
  await rm(dir, { recursive: true })
})

const settingsOf = (name: string, env: Record<string, string> = {}): Settings =>
  readSettings({ DATA_DIR: join(dir, name), LOG_LEVEL: 'silent', ...env })

test('a backup made beside a running server is a store that knows its owner', { timeout: 120_000 }, async () => {
  const [home, second] = [join(dir, 'home'), join(dir, 'second')]
  const rookery = await startProcess({ dir: home })
  const alice = await connectPerson(rookery.sandboxUrl, 'Alice')
  await alice.chat('metabot').start((await rookery.claim()).code)
  await alice.chat('metabot').sees('Add a bot')
  await alice.close()
  const file = join(second, 'store.sqlite')
  const backup = await runProcess({ dir: home, args: ['backup', file] })
  expect(backup).toMatchObject({ code: 0, output: expect.stringContaining(`Backup: ${file}`) })
  await expect(backUpStore(settingsOf('home'), file)).rejects.toThrow(`${file} is there already; choose another name`)
  const exported = await runProcess({ dir: home, args: ['store:export', elsewhere.uri] })
  expect(exported).toMatchObject({ code: 1, log: expect.stringMatching(/^DATA_DIR: .*in use .*stop that one.*\n$/) })
  await rookery.stop()
  const unsealed = await runProcess({ dir: second, args: ['claim'] })
  expect(unsealed).toMatchObject({
    code: 1,
    log: expect.stringMatching(/^SECRET_KEY: .*bring back .*secret\.key.*\n$/),
  })
  const served = launch({ dir: second, env: { STORE_PORT: '0' }, file: 'store-server.ts' })
  expect(await served.ended).toBe(1)
  expect(served.log()).toBe(unsealed.log)
  expect(await readdir(second)).not.toContain('secret.key')
  await copyFile(join(home, 'secret.key'), join(second, 'secret.key'))
  const claim = await runProcess({ dir: second, args: ['claim'] })
  expect(claim).toMatchObject({ code: 0, output: expect.stringContaining('It has an owner already') })
})

test('everything goes to a MongoDB and back, counted and hashed; a target that holds something is refused', async () => {
  const went = (await exportStore(settingsOf('home'), elsewhere.uri)).join('\n')
  const [, documents, hash] = /^Exported (\d+) documents in \d+ collections, .* \((\w+)\)/.exec(went) ?? []
  expect(Number(documents)).toBeGreaterThan(5)
  expect(went).not.toContain('the-password')
  await expect(exportStore(settingsOf('home'), elsewhere.uri)).rejects.toThrow('the target rookery is not empty')
  const [came] = await importStore(settingsOf('third'), elsewhere.uri)
  expect(came).toContain(`Imported ${documents} documents`)
  expect(came).toContain(`(${hash})`)
  await expect(importStore(settingsOf('third'), elsewhere.uri)).rejects.toThrow(
    /^DATA_DIR: the store there is not empty; set DATA_DIR to an empty folder$/,
  )
  const client = await new MongoClient(elsewhere.uri).connect()
  expect((await client.db('rookery').collection('bots').indexes()).length).toBeGreaterThan(1)
  await client.close()
})

test('each says in one line what it lacks', async () => {
  const empty = settingsOf('empty')
  await expect(backUpStore(empty)).rejects.toThrow(/^DATA_DIR: there is no store in .* yet.*$/)
  await expect(exportStore(empty, undefined)).rejects.toThrow(/^Name the MongoDB: npm run store:export.*$/)
  await expect(importStore(empty, 'http://u:secret@x')).rejects.toThrow(/^(?!.*secret).*it should read mongodb:.*$/)
  await expect(importStore(empty, 'mongodb://x/%zz')).rejects.toThrow(/^The MongoDB to import from: .*it should read/)
  const file = settingsOf('a-file')
  await writeFile(file.dataDir, 'mine')
  await expect(importStore(file, elsewhere.uri)).rejects.toThrow(/^DATA_DIR: EEXIST.*set DATA_DIR to a folder.*$/)
  await expect(backUpStore(settingsOf('home'), join(dir, 'no-such', 'x'))).rejects.toThrow(
    `there is no folder ${join(dir, 'no-such')}; make it first`,
  )
})

test('nothing is copied from a database without collections', async () => {
  const misspelt = elsewhere.uri.replace('/?', '/rokery?')
  await expect(importStore(settingsOf('empty'), misspelt)).rejects.toThrow(
    /^The MongoDB to import from: rokery holds no collections; is .* right\?$/,
  )
  await (await startEmbeddedMongo({ dir: join(dir, 'unfilled') })).close()
  await expect(exportStore(settingsOf('unfilled'), elsewhere.uri)).rejects.toThrow(
    /^DATA_DIR: the store there holds nothing/,
  )
})

test('says which MongoDB does not answer or does not let in, without its password', { timeout: 30_000 }, async () => {
  const nobody = 'mongodb://u:secret@127.0.0.1:1/rookery'
  const stranger = elsewhere.uri.replace('the-password-of-elsewhere', 'secret')
  await Promise.all([
    expect(exportStore(settingsOf('home'), nobody)).rejects.toThrow(
      /^(?!.*secret)The MongoDB to export to: no MongoDB answers there.*; start it, or correct its address$/,
    ),
    expect(importStore(settingsOf('empty'), nobody)).rejects.toThrow(
      /^(?!.*secret)The MongoDB to import from: no MongoDB answers there.*; start it, or correct its address$/,
    ),
    expect(importStore(settingsOf('empty'), stranger)).rejects.toThrow(
      /^(?!.*secret)The MongoDB to import from: MongoDB refuses the login.*; check name and password$/,
    ),
  ])
})

test.each([
  ['store:export', 'The MongoDB to export to'],
  ['store:import', 'The MongoDB to import from'],
])('%s says of whatever the other side refuses which address that was, and what to do', async (command, which) => {
  const home = command === 'store:export' ? 'home' : 'empty'
  const said = async (uri: string) => (await runProcess({ dir: join(dir, home), args: [command, uri] })).log
  expect(await said('mongodb://127.0.0.1:1/stranger.a')).toBe(
    `${which}: Database names cannot contain the character '.'; it should read mongodb://host:27017/rookery\n`,
  )
  const nobody = elsewhere.uri.replace(/u:.*@/, '').replace(/&authMechanism.*/, '')
  expect(await said(nobody)).toBe(
    `${which}: MongoDB refuses the login (Command listCollections requires authentication); check name and password\n`,
  )
  const otherwise = await said(elsewhere.uri.replace('SCRAM-SHA-256', 'SCRAM-SHA-1'))
  expect(otherwise).toMatch(/^(?!.*the-password).*which is not enabled; check the address, and what its login may do/)
  expect(otherwise.startsWith(`${which}: `)).toBe(true)
})

test.each([
  [['backup', '--help'], /^Usage: npm run backup, or npm run backup -- FILE\n$/],
  [['backup', 'one.sqlite', 'two.sqlite'], /^Usage: npm run backup, or/],
  [['store:export', '--help'], /^Usage: npm run store:export -- mongodb:.*\n$/],
  [['store:import', '-h'], /^Usage: npm run store:import -- mongodb:.*\n$/],
])('%j is told how it is called, and nothing is written', async (args, usage) => {
  const home = join(dir, 'home')
  const before = await readdir(home)
  expect(await runProcess({ dir: home, args })).toEqual({ code: 1, output: '', log: expect.stringMatching(usage) })
  expect(await readdir(home)).toEqual(before)
})

test('a command about the embedded store speaks of MONGODB_URI before it asks for its key', async () => {
  const env = { MONGODB_URI: 'mongodb://127.0.0.1:1/x' }
  const backup = await runProcess({ dir: join(dir, 'home'), env, args: ['backup'] })
  expect(backup).toMatchObject({
    code: 1,
    log: expect.stringMatching(/^MONGODB_URI: is set, but this command is about the embedded store.*\n$/),
  })
})
