import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { expect, it } from 'vitest'

/** Not every machine has strace, and not every container lets it work. */
const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0

it.skipIf(!canTrace)(
  'syncs the file for every write it acknowledges, as the kernel counts',
  { timeout: 60_000 },
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'embedded-mongo-syncs-'))
    const trace = join(dir, 'trace')
    const traced = [process.execPath, join(import.meta.dirname, 'server-process.ts'), join(dir, 'data')]
    const options = ['-f', '-e', 'trace=fsync,fdatasync', '-o', trace]
    const child = spawn('strace', [...options, ...traced], { stdio: ['pipe', 'pipe', 'inherit'] })
    const [uri] = await once(child.stdout, 'data')
    const client = await new MongoClient(String(uri).trim()).connect()
    const count = async () => (await readFile(trace, 'utf8')).match(/f(data)?sync\(/g)?.length ?? 0
    const entries = client.db('d').collection('c')
    await entries.insertOne({ n: -1 })
    const before = await count()
    for (let n = 0; n < 50; n++) await entries.insertOne({ n })
    const written = await count()
    await entries.find().toArray()
    const read = await count()
    await client.close()
    child.stdin.end()
    await once(child, 'close')
    await rm(dir, { recursive: true })
    expect(written - before).toBeGreaterThanOrEqual(50)
    expect(read).toBe(written)
  },
)
