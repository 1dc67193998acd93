import { canTrace, withTracedStore } from '../../embedded-mongo/test/traced-store.ts'
import type { Line } from '../table.ts'
import { order } from './orders.ts'

const writes = 320
const clients = 32

/**
 * How often the file is synced for writes acknowledged one by one and for those of many clients, as the kernel
 * counts.
 */
export async function measureSyncs(): Promise<Line[]> {
  const what = 'syncs for writes acknowledged'
  if (!canTrace) return [{ what, measured: 'not counted', note: 'needs strace' }]
  const { singly, together } = await withTracedStore(async ({ client, syncs }) => {
    const orders = client.db('bench').collection<{ _id: number }>('orders')
    await orders.insertOne(order(0))
    const count = async (write: () => Promise<unknown>) => {
      const before = await syncs()
      await write()
      return (await syncs()) - before
    }
    const singly = await count(async () => {
      for (let nth = 1; nth <= writes; nth++) await orders.insertOne(order(nth))
    })
    const together = await count(() =>
      Promise.all(
        Array.from({ length: clients }, async (_, client) => {
          for (let nth = client; nth < writes; nth += clients) await orders.insertOne(order(1000 + nth))
        }),
      ),
    )
    return { singly, together }
  })
  return [
    {
      what,
      measured: `${singly} of 1 client, ${together} of ${clients}`,
      note: `for ${writes} inserts each, as strace counts; a sync can stand for all that came in one turn`,
    },
  ]
}
