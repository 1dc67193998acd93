import { z } from 'zod'
import { defineEndpoint, UserError, userId } from '../../rookery.ts'
import { rateOrder } from './rate-order.ts'
import { site } from './site.ts'

/** Thanks for an order, then asks for a rating: reminds once, and gives up after a day. */
export const thankYou = defineEndpoint(
  'transaction/thank-you',
  {
    summary: 'Thanks for an order and asks for a rating of it',
    params: z.object({ userId, orderId: z.string().min(1).max(64) }),
    answer: z.object({ notificationId: z.string(), queued: z.number() }),
  },
  async ({ userId, orderId }, bot) => {
    const order = await site.order(orderId)
    if (order.userId !== userId) throw new UserError('shop.notFound')
    const { item } = order
    const { notificationId, queued } = await bot.notify(userId, {
      text: bot.t('shop.thankYou', { item }),
      // biome-ignore lint/suspicious/noThenProperty: what comes then
      then: rateOrder.with({ orderId, item }),
      remind: { after: '4h', text: bot.t('shop.rate.remind', { item }) },
      giveUp: { after: '24h' },
    })
    return { notificationId, queued }
  },
)
