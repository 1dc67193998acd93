import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSettings, type Settings } from '../config/settings.ts'
import { type EmbeddedMongo, startEmbeddedMongo } from '../embedded-mongo/server.ts'
import { connectPerson } from '../sandbox/person.ts'
import { backUpStore, exportStore, importStore } from '../store-commands.ts'
import { runProcess, startProcess } from './rookery-process.ts'

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
  await expect(backUpStore(settingsOf('home'), file)).rejects.toThrow(/^the backup could not be made: EEXIST/)
  const exported = await runProcess({ dir: home, args: ['store:export', elsewhere.uri] })
  expect(exported).toMatchObject({ code: 1, log: expect.stringMatching(/^DATA_DIR: .*in use .*stop that one.*\n$/) })
  await rookery.stop()
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
  await expect(importStore(settingsOf('third'), elsewhere.uri)).rejects.toThrow('is not empty')
  const client = await new MongoClient(elsewhere.uri).connect()
  expect((await client.db('rookery').collection('bots').indexes()).length).toBeGreaterThan(1)
  await client.close()
})

test('each says in one line what it lacks', async () => {
  const empty = settingsOf('empty')
  await expect(backUpStore(empty)).rejects.toThrow(/^DATA_DIR: there is no store in .* yet.*$/)
  await expect(exportStore(empty, undefined)).rejects.toThrow(/^Name the MongoDB: npm run store:export.*$/)
  await expect(importStore(empty, 'http://u:secret@x')).rejects.toThrow(/^(?!.*secret).*it should read mongodb:.*$/)
  const other = settingsOf('empty', {
    MONGODB_URI: 'mongodb://127.0.0.1:1/x',
    SECRET_KEY: 'a secret of thirty-two characters',
  })
  await expect(backUpStore(other)).rejects.toThrow(/^MONGODB_URI: this command is about the embedded store.*$/)
})
