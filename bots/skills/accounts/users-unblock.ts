import { z } from 'zod'
import { unblockUser } from '../../../acts/account-news.ts'
import { defineEndpoint } from '../../../dialogue/endpoint.ts'
import { userId } from '../../../directory/user-id.ts'
import { done } from './shapes.ts'

export const usersUnblock = defineEndpoint(
  'users/unblock',
  {
    summary: 'The account is free again: the person is told, and has the menu of the role.',
    params: z.strictObject({ userId }).meta({ examples: [{ userId: 127 }] }),
    answer: done,
  },
  async ({ userId }, bot, { apiKey }) => {
    await unblockUser({ bot: bot.record, userId, by: { apiKey: apiKey._id } })
    return {}
  },
)
