import { z } from 'zod'
import type { Told } from '../../../acts/known-fields.ts'
import { updateUser } from '../../../acts/update-account.ts'
import { defineEndpoint } from '../../../dialogue/endpoint.ts'
import { userId } from '../../../directory/user-id.ts'
import { done, word } from './shapes.ts'

const place = z.object({ country: word.nullish(), region: word.nullish(), city: word.nullish() })

/** What a directory calls every time when an account changes. */
export const usersUpdate = defineEndpoint(
  'users/update',
  {
    summary: "A user's data changed: the person is told what, unless it is known already. `active: false` blocks.",
    params: z
      .object({
        userId,
        role: word.describe("Chooses the person's menu"),
        lastname: word.nullish(),
        firstname: word.nullish(),
        patronymic: word.nullish(),
        active: z.boolean().optional().describe('False: as users/block, without a reason'),
        phone: word.nullish(),
        email: word.nullish(),
        location: place.nullish(),
        eventId: z
          .string()
          .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ and -')
          .optional()
          .describe('Names the place of the change: texts may differ by it, or say nothing'),
        changedBy: word.optional().describe('Who changed it; for the record'),
      })
      .meta({ examples: [{ userId: 127, role: 'user', phone: '79187777777', eventId: 'profile' }] }),
    answer: done,
  },
  async ({ userId, role, active, eventId, changedBy, patronymic: middlename, ...told }, bot, { apiKey }) => {
    const news = { bot: bot.record, userId, by: { apiKey: apiKey._id }, ...(changedBy && { details: { changedBy } }) }
    const update = { role, active, eventId, told: { ...told, middlename } as Told }
    await updateUser(news, update, bot.log)
    return {}
  },
)
