import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { demoOrders, demoRequests } from './demo-data.ts'

/** A shop's own system, as small as can be: it knows orders and requests, takes ratings, and counts what it is asked. All in memory. */
export async function startShopServer(port: number) {
  const orders = demoOrders()
  const requests = demoRequests()
  const counts: Record<string, number> = {}
  const rated = new Map<string, string>()

  const calls: Record<string, (query: URLSearchParams, body: string, key: string) => unknown> = {
    'GET /orders': (query) => orders.filter(({ userId }) => userId === query.get('userId')),
    'GET /orders/today': () =>
      orders.filter(({ placedAt }) => placedAt.startsWith(new Date().toISOString().slice(0, 10))),
    'GET /order': (query) => orders.find(({ orderId }) => orderId === query.get('orderId')),
    'GET /request': (query) => requests.find(({ requestId }) => requestId === query.get('requestId')),
    /** The same key again changes nothing: whoever is not sure that it arrived may send it again. */
    'POST /order/rating': (_, body, key) => {
      const { orderId, stars } = JSON.parse(body)
      const order = orders.find((one) => one.orderId === orderId)
      if (order && !rated.has(key)) {
        rated.set(key, body)
        Object.assign(order, { stars, ratings: (order.ratings ?? 0) + 1 })
      }
      return order
    },
    'GET /counters': () => counts,
  }

  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop')
    const call = `${request.method} ${pathname}`
    counts[call] = (counts[call] ?? 0) + 1
    const answer = Object.hasOwn(calls, call)
      ? calls[call]?.(searchParams, body, `${request.headers['idempotency-key']}`)
      : undefined
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? { message: 'Not found' }))
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  const close = async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}
