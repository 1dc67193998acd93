import { z } from 'zod'
import { defineEndpoint, userId } from '../../rookery.ts'
import { site } from './site.ts'

/** Tells who has accepted a request, and when. The request is pulled once a call, however many people have the user. */
export const requestAccepted = defineEndpoint(
  'requests/accepted',
  {
    summary: 'Tells a user that somebody has accepted their request',
    params: z.object({ requestId: z.string().min(1).max(64), userId }),
    answer: z.object({ notificationId: z.string(), queued: z.number() }),
  },
  async ({ requestId, userId }, bot) => {
    const { acceptedBy, acceptedAt } = await site.request(requestId)
    const text = bot.t('shop.requestAccepted', { requestId, acceptedBy, acceptedAt })
    const { notificationId, queued } = await bot.notify(userId, { text })
    return { notificationId, queued }
  },
)
