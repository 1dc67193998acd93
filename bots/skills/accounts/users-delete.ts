import { z } from 'zod'
import { deleteUser } from '../../../acts/account-news.ts'
import { defineEndpoint } from '../../../dialogue/endpoint.ts'
import { userId } from '../../../directory/user-id.ts'
import { done } from './shapes.ts'

export const usersDelete = defineEndpoint(
  'users/delete',
  {
    summary: 'The account is gone: the link ends without a word; the person hears it with the next message.',
    params: z.strictObject({ userId }).meta({ examples: [{ userId: 127 }] }),
    answer: done,
  },
  async ({ userId }, bot, { apiKey }) => {
    await deleteUser({ bot: bot.record, userId, by: { apiKey: apiKey._id } })
    return {}
  },
)
