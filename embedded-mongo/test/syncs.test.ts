import { expect, it } from 'vitest'
import { canTrace, withTracedStore } from './traced-store.ts'

it.skipIf(!canTrace)('syncs the file for every write it acknowledges, as the kernel counts', { timeout: 60_000 }, () =>
  withTracedStore(async ({ client, syncs }) => {
    const entries = client.db('d').collection('c')
    await entries.insertOne({ n: -1 })
    const before = await syncs()
    for (let n = 0; n < 50; n++) await entries.insertOne({ n })
    const written = await syncs()
    await entries.find().toArray()
    expect(written - before).toBeGreaterThanOrEqual(50)
    expect(await syncs()).toBe(written)
  }),
)
