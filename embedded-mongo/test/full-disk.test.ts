import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { expect, it } from 'vitest'
import { startEmbeddedMongo } from '../server.ts'

const text = 'x'.repeat(1_000_000)
/** Stands for the disk: files of the process grow no larger, until the limit is taken away. */
const mostKib = 12 * 1024

/** A store whose files may not grow beyond the limit. Its writes then fail in the system call, as on a full disk. */
async function startLimited(dir: string) {
  const start = `ulimit -S -f ${mostKib}; exec "$0" "$@"`
  const program = join(import.meta.dirname, 'server-process.ts')
  const child = spawn('bash', ['-c', start, process.execPath, program, dir], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [uri] = await once(child.stdout, 'data')
  return { child, client: await new MongoClient(String(uri).trim()).connect() }
}

it.skipIf(process.platform !== 'linux')(
  'refuses the writes that a full disk does not take, lives, and goes on when there is room',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-full-'))
    const { child, client } = await startLimited(dir)
    const entries = client.db('full').collection<{ _id: number; text: string }>('entries')
    await entries.createIndex({ n: 1 })
    const kept: number[] = []
    let refused: unknown
    for (let _id = 0; !refused && _id < 100; _id++) {
      const insert = entries.insertOne({ _id, text })
      await insert.then(
        () => kept.push(_id),
        (error) => (refused = error),
      )
    }
    expect(refused).toMatchObject({ code: 14031, codeName: 'OutOfDiskSpace' })
    const several = [1, 2, 3].map((n) => entries.insertOne({ _id: 1000 + n, text }))
    for (const each of await Promise.allSettled(several)) expect(each.status).toBe('rejected')
    await expect(entries.createIndex({ text: 1 })).rejects.toMatchObject({ code: 14031 })
    expect(await entries.distinct('_id')).toEqual(kept)
    expect(await entries.indexes()).toHaveLength(2)
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited'])
    await entries.insertOne({ _id: -1, text })
    await client.close()
    child.stdin.end()
    expect((await once(child, 'close'))[0]).toBe(0)
    const store = await startEmbeddedMongo({ dir })
    const reader = await new MongoClient(store.uri).connect()
    expect(await reader.db('full').collection('entries').distinct('_id')).toEqual([-1, ...kept])
    await reader.close()
    await store.close()
    await rm(dir, { recursive: true })
  },
)
