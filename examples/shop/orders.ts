import { defineSkill } from '../../rookery.ts'
import { askForReviews } from './ask-for-reviews.ts'
import { listOrders, listTodaysOrders } from './list-orders.ts'
import { rateOrder } from './rate-order.ts'
import { requestAccepted } from './request-accepted.ts'
import { thankYou } from './thank-you.ts'

/** A person's orders, and what the shop has to say of them. */
export const orders = defineSkill({
  id: 'orders',
  privateOnly: true,
  about: 'shop.about',
  commands: { orders: listOrders },
  phrases: { 'shop.phrases': listOrders },
  buttons: { 'shop.button': listOrders.with({ payload: '' }), 'shop.today': listTodaysOrders.with() },
  scenes: [rateOrder, listTodaysOrders],
  endpoints: [thankYou, requestAccepted],
  onReturn: askForReviews,
})
