import { UserError } from '../../rookery.ts'
import type { Order, Request } from './demo-data.ts'

/** The shop's own system, as the bot calls it. What it cannot answer just now is told to the person as such. */
export const site = {
  ordersOf: (userId: string) => call<Order[]>(`GET /orders?userId=${encodeURIComponent(userId)}`),
  todaysOrders: () => call<Order[]>('GET /orders/today'),
  order: (orderId: string) => call<Order>(`GET /order?orderId=${encodeURIComponent(orderId)}`),
  request: (requestId: string) => call<Request>(`GET /request?requestId=${encodeURIComponent(requestId)}`),
  /** Safe to repeat with the same key. */
  rate: (orderId: string, stars: number, key: string) => call<Order>('POST /order/rating', { orderId, stars }, key),
}

const patienceMs = 10_000

/** @throws UserError where there is no such thing, or the shop does not answer */
async function call<T>(name: string, body?: object, key?: string): Promise<T> {
  const [method = '', path] = name.split(' ')
  const url = (process.env.SHOP_URL ?? 'http://127.0.0.1:8091') + path
  const request = {
    method,
    signal: AbortSignal.timeout(patienceMs),
    ...(body && { body: JSON.stringify(body) }),
    ...(key && { headers: { 'idempotency-key': key } }),
  }
  const answer = await fetch(url, request).catch(() => undefined)
  if (answer?.status === 404) throw new UserError('shop.notFound')
  if (!answer?.ok) throw new UserError('shop.unreachable')
  return (await answer.json()) as T
}
