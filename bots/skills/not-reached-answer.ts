import { z } from 'zod'
import { givenUserId } from '../../directory/user-id.ts'

const reason = z.enum(['blocked', 'disconnected', 'deleted'])

/** How answers tell whom the bot knows and does not reach. */
export const notReached = z
  .array(z.union([z.object({ userId: givenUserId, reason }), z.object({ key: givenUserId, reason })]))
  .optional()
  .describe(
    'Whom the bot knows and does not reach, by the userIds and keys as you wrote them: the account is blocked or was deleted, or the person has disconnected',
  )
