import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'

/** Not every machine has strace, and not every container lets it work. */
export const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0

export interface TracedStore {
  client: MongoClient
  /** How often the kernel has been asked for fsync or fdatasync so far. */
  syncs(): Promise<number>
}

/** Starts a store in a process of its own under strace, and ends it after the work. */
export async function withTracedStore<T>(work: (store: TracedStore) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-syncs-'))
  const trace = join(dir, 'trace')
  const traced = [process.execPath, join(import.meta.dirname, 'server-process.ts'), join(dir, 'data')]
  const child = spawn('strace', ['-f', '-e', 'trace=fsync,fdatasync', '-o', trace, ...traced], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const [uri] = await once(child.stdout, 'data')
    const client = await new MongoClient(String(uri).trim()).connect()
    const syncs = async () => (await readFile(trace, 'utf8')).match(/f(data)?sync\(/g)?.length ?? 0
    const result = await work({ client, syncs })
    await client.close()
    return result
  } finally {
    child.stdin.end()
    await once(child, 'close')
    await rm(dir, { recursive: true })
  }
}
