import type { Talk } from '../../rookery.ts'
import { rate } from './rate-order.ts'
import { site } from './site.ts'

/** Whoever comes back is asked for a review of each finished order that has none. */
export async function askForReviews(talk: Talk): Promise<void> {
  const account = await talk.account()
  if (!account) return
  const orders = await talk.effect('orders', () => site.ordersOf(account.userId))
  for (const order of orders.filter(({ state, stars }) => state === 'finished' && !stars)) await rate(talk, order)
}
