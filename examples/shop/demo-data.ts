/** An order of a user of the directory; `placedAt` as ISO 8601. */
export type Order = {
  orderId: string
  userId: string
  item: string
  state: 'ordered' | 'finished'
  placedAt: string
  stars?: number
  /** How many ratings have counted. */
  ratings?: number
}

export type Request = { requestId: string; acceptedBy: string; acceptedAt: string }

/** Orders of Alice (101) and Umid (102), whom the demo directory knows too. */
export function demoOrders(): Order[] {
  const today = new Date().toISOString()
  return [
    { orderId: '41', userId: '101', item: 'Kettle', state: 'ordered', placedAt: today },
    { orderId: '42', userId: '102', item: 'Samovar', state: 'finished', placedAt: today },
    { orderId: '43', userId: '102', item: 'Teapot', state: 'finished', placedAt: '2026-03-02T10:00:00.000Z' },
    { orderId: '44', userId: '102', item: 'Cup', state: 'ordered', placedAt: today },
  ]
}

export function demoRequests(): Request[] {
  return [{ requestId: '7', acceptedBy: 'Dilnoza', acceptedAt: '2026-11-27 10:15' }]
}
