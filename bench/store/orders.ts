import type { Collection, Db } from 'mongodb'

/** About 350 bytes; `number` has a unique index, `{state, at}` another. */
export interface Order {
  _id: number
  number: string
  state: string
  at: Date
  amount: number
  count: number
  customer: { name: string; city: string }
  note: string
}

export type Orders = Collection<Order>

const states = ['new', 'paid', 'sent', 'done', 'back']
const batch = 1_000

export const numberOf = (nth: number) => `order-${String(nth).padStart(9, '0')}`

export function order(nth: number): Order {
  return {
    _id: nth,
    number: numberOf(nth),
    state: states[nth % states.length] as string,
    at: new Date(1_790_000_000_000 + nth * 1000),
    amount: (nth * 37) % 100_000,
    count: 0,
    customer: { name: `Customer Number ${nth % 1000}`, city: `City ${nth % 50}` },
    note: 'Leave it with the neighbour if nobody opens, and ring twice. '.repeat(2),
  }
}

export async function emptyOrders(db: Db, name: string): Promise<Orders> {
  const orders = db.collection<Order>(name)
  await orders.createIndex({ number: 1 }, { unique: true })
  await orders.createIndex({ state: 1, at: 1 })
  return orders
}

/** Inserts the orders from..to in batches of a thousand. */
export async function fill(orders: Orders, from: number, to: number): Promise<void> {
  for (let next = from; next < to; next += batch) {
    const size = Math.min(batch, to - next)
    await orders.insertMany(Array.from({ length: size }, (_, at) => order(next + at)))
  }
}
