import { z } from 'zod'
import type { Told } from '../../../acts/known-fields.ts'
import { updateUser } from '../../../acts/update-account.ts'
import { defineEndpoint } from '../../../dialogue/endpoint.ts'
import { userId } from '../../../directory/user-id.ts'
import { done, word } from './shapes.ts'

const place = z.strictObject({ country: word.nullish(), region: word.nullish(), city: word.nullish() })

const names = {
  lastname: word.nullish(),
  surname: word.nullish().describe('Another name for `lastname`'),
  firstname: word.nullish(),
  name: word.nullish().describe('Another name for `firstname`'),
  middlename: word.nullish(),
  patronymic: word.nullish().describe('Another name for `middlename`'),
}

/** The names of a person in our spelling, which comes before others. */
function namesIn(params: Partial<Record<keyof typeof names, string | null | undefined>>) {
  const { lastname = params.surname, firstname = params.name, middlename = params.patronymic } = params
  return { lastname, firstname, middlename }
}

/** What a directory calls every time when an account changes. */
export const usersUpdate = defineEndpoint(
  'users/update',
  {
    summary: "A user's data changed: the person is told what, unless it is known already. `active: false` blocks.",
    params: z
      .strictObject({
        userId,
        role: word.min(1).describe("Chooses the person's menu"),
        ...names,
        active: z.boolean().optional().describe('False: as users/block, without a reason'),
        isActive: z.boolean().optional().describe('Another name for `active`'),
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
  async ({ userId, role, eventId, changedBy, phone, email, location, ...params }, bot, { apiKey }) => {
    const news = { bot: bot.record, userId, by: { apiKey: apiKey._id }, ...(changedBy && { details: { changedBy } }) }
    const { active = params.isActive } = params
    const update = { role, active, eventId, told: { ...namesIn(params), phone, email, location } as Told }
    await updateUser(news, update, bot.log)
    return {}
  },
)
