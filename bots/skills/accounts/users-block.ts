import { z } from 'zod'
import { blockUser } from '../../../acts/account-news.ts'
import { defineEndpoint } from '../../../dialogue/endpoint.ts'
import { userId } from '../../../directory/user-id.ts'
import { done, sentences } from './shapes.ts'

export const usersBlock = defineEndpoint(
  'users/block',
  {
    summary:
      'The account is blocked: the person is told why, what waits for them is cancelled, and nothing more comes.',
    params: z
      .strictObject({ userId, reason: sentences.optional().describe('Told to the person as it is') })
      .meta({ examples: [{ userId: 127, reason: 'Unpaid orders' }] }),
    answer: done,
  },
  async ({ userId, reason }, bot, { apiKey }) => {
    await blockUser({ bot: bot.record, userId, by: { apiKey: apiKey._id } }, reason)
    return {}
  },
)
