import { z } from 'zod'
import { connectUser } from '../../../acts/account-news.ts'
import { defineEndpoint } from '../../../dialogue/endpoint.ts'
import { userId } from '../../../directory/user-id.ts'
import { done } from './shapes.ts'

export const usersConnectBot = defineEndpoint(
  'users/connect-bot',
  {
    summary:
      'The user connected the bot again: who was linked before is linked once more and greeted. Who is linked already hears nothing.',
    params: z.strictObject({ userId }).meta({ examples: [{ userId: 127 }] }),
    answer: done,
  },
  async ({ userId }, bot, { apiKey }) => {
    await connectUser({ bot: bot.record, userId, by: { apiKey: apiKey._id } }, bot.log)
    return {}
  },
)
