import { z } from 'zod'
import { disconnectUser } from '../../../acts/account-news.ts'
import { defineEndpoint } from '../../../dialogue/endpoint.ts'
import { userId } from '../../../directory/user-id.ts'
import { done } from './shapes.ts'

export const usersDisconnectBot = defineEndpoint(
  'users/disconnect-bot',
  {
    summary: 'The user disconnected the bot: the link ends, and the person is told how to come back.',
    params: z.strictObject({ userId }).meta({ examples: [{ userId: 127 }] }),
    answer: done,
  },
  async ({ userId }, bot, { apiKey }) => {
    await disconnectUser({ bot: bot.record, userId, by: { apiKey: apiKey._id } })
    return {}
  },
)
