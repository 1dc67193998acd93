import { type CommandArgs, defineScene, type Talk, UserError } from '../../rookery.ts'
import type { Order } from './demo-data.ts'
import { site } from './site.ts'

/** /orders: the person's own orders, by the account that they have linked. */
export const listOrders = defineScene<CommandArgs>('orders@1', async (talk) => {
  const account = await talk.account()
  if (!account) throw new UserError('shop.linkFirst')
  await sayOrders(talk, await talk.effect('orders', () => site.ordersOf(account.userId)))
})

/** For managers. A button outlasts a role, so it is looked at anew. */
export const listTodaysOrders = defineScene('todays-orders@1', async (talk) => {
  if ((await talk.account())?.role !== 'manager') throw new UserError('shop.forManagers')
  await sayOrders(talk, await talk.effect('orders', site.todaysOrders))
})

async function sayOrders(talk: Talk, orders: Order[]): Promise<void> {
  const line = ({ orderId, item, state }: Order) => `${orderId}. ${item}: ${talk.t(`shop.state.${state}`)}`
  if (orders.length === 0) await talk.say('shop.noOrders')
  else await talk.say('shop.orders', { list: orders.map(line).join('\n') })
}
