import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { expect, it } from 'vitest'
import { startEmbeddedMongo } from '../server.ts'
import { socketPath } from './raw-client.ts'

it('says in one line that its thread has died, keeps what was acknowledged, and hangs nobody', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-lost-'))
  const program = join(import.meta.dirname, 'server-process.ts')
  const options = JSON.stringify({ limits: { stageBytes: 1e12, sharedBytes: 1e12 } })
  const child = spawn(process.execPath, ['--max-old-space-size=32', program, dir, options])
  const [uri] = await once(child.stdout, 'data')
  let said = ''
  child.stderr.on('data', (piece) => {
    said += piece
  })
  const client = await new MongoClient(String(uri).trim(), {
    serverSelectionTimeoutMS: 300,
    retryReads: false,
  }).connect()
  await client
    .db('d')
    .collection('c')
    .insertOne({ _id: 1 as never })
  const path = await socketPath(dir)
  const numbers = Array.from({ length: 1_000 }, (_, n) => n)
  const lists = client.db('d').collection('lists')
  await lists.insertMany(Array.from({ length: 150 }, () => ({ numbers })))
  // Grows without a bound: the limits are out of the way.
  const groups = lists
    .aggregate([{ $unwind: '$numbers' }, { $group: { _id: { of: '$_id', n: '$numbers' } } }])
    .toArray()
  const told = expect(groups).rejects.toThrow()
  const [code] = await once(child, 'close')
  await told
  expect(code).toBe(3)
  expect(said).toContain('ran out of memory')
  expect(
    said
      .trim()
      .split('\n')
      .filter((line) => line.includes('embedded store')),
  ).toHaveLength(1)
  expect(existsSync(join(dir, 'store.uri'))).toBe(false)
  expect(existsSync(path)).toBe(false)
  await expect(client.db('d').command({ ping: 1 })).rejects.toThrow()
  await client.close()
  const store = await startEmbeddedMongo({ dir })
  const reader = await new MongoClient(store.uri).connect()
  expect(await reader.db('d').collection('c').distinct('_id')).toEqual([1])
  await reader.close()
  await store.close()
  await rm(dir, { recursive: true })
})
