import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { launch } from './rookery-process.ts'

let dir: string
// Each starts several processes, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 60_000 })

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rookery-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function startStore(env: Record<string, string> = {}) {
  const store = launch({ dir, env: { STORE_PORT: '0', ...env }, file: 'store-server.ts' })
  const [, uri = ''] = await store.says(/^MONGODB_URI=(\S+)/m)
  return { ...store, uri }
}

test('the store prints where other processes reach it, and keeps its data and its password over a kill', async () => {
  const first = await startStore()
  const writer = await new MongoClient(first.uri).connect()
  await writer.db().collection('notes').insertOne({ text: 'kept' })
  expect(writer.db().databaseName).toBe('rookery')
  await first.stop('SIGKILL')
  await writer.close()
  for (const file of ['store.password', 'secret.key']) expect((await stat(join(dir, file))).mode & 0o777).toBe(0o600)
  const second = await startStore({ STORE_PORT: new URL(first.uri).port })
  expect(second.uri).toBe(first.uri)
  const reader = await new MongoClient(second.uri).connect()
  expect(await reader.db().collection('notes').countDocuments({ text: 'kept' })).toBe(1)
  await reader.close()
  expect(await second.stop()).toBe(0)
})

test('the store takes a password that is set, and says in a sentence what it cannot do', async () => {
  const STORE_PASSWORD = 'a=password,with%signs'
  const store = await startStore({ STORE_PASSWORD })
  const client = await new MongoClient(store.uri).connect()
  await client.close()
  const refused = async (env: Record<string, string>) => {
    const { ended, log } = launch({ dir, env, file: 'store-server.ts' })
    expect(await ended).toBe(1)
    return log()
  }
  expect(await refused({ HOST: '0.0.0.0' })).toMatch(/^HOST: .*127\.0\.0\.1.*\n$/)
  expect(await refused({ DATA_DIR: `${dir}/other`, STORE_PORT: new URL(store.uri).port })).toMatch(
    /^STORE_PORT: .*taken/,
  )
  expect(await store.stop()).toBe(0)
})
