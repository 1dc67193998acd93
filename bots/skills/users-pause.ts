import { z } from 'zod'
import { pause } from '../../acts/pause.ts'
import { notReachedUser } from '../../delivery/not-reached.ts'
import { defineEndpoint, RefusedCall } from '../../dialogue/endpoint.ts'
import { userId } from '../../directory/user-id.ts'
import { setPauseAlarm } from '../../jobs/pause-alarm.ts'
import { Person } from '../../models/person.ts'
import { storeTime } from '../../models/store-clock.ts'
import { lengthIn } from './length-of-time.ts'
import { date } from './plan-params.ts'

const sameWithinMs = 60_000

const length = z
  .string()
  .max(64)
  .transform(lengthIn)
  .refine((ms) => ms !== undefined, {
    error: 'must be a length of time above 0, such as "2h", "3d" or "P1DT12H"',
    abort: true,
  })
  .transform((ms) => ms ?? 0)

export const pauseUser = defineEndpoint(
  'users/pause',
  {
    summary: 'Sends a user nothing but what is critical until a date, and tells them; what is so already stays',
    params: z
      .strictObject({
        userId,
        until: date.optional().describe('When it ends, ISO 8601 with its offset'),
        for: length.optional().describe('How long it lasts instead: "90m", "2h", "3d", "1w", or an ISO 8601 duration'),
      })
      .refine((params) => (params.until === undefined) !== (params.for === undefined), {
        path: ['until'],
        error: 'give either until or for',
      })
      .meta({ examples: [{ userId: 127, for: '2h' }] }),
    answer: z.object({ pausedUntil: z.string().describe('ISO 8601') }),
  },
  async ({ userId, until, for: ms = 0 }, { record: bot }, { apiKey }) => {
    const personIds = (await Person.ofUsers(bot._id, [userId])).map(({ personId }) => personId)
    if (personIds.length === 0) throw await notReachedUser(bot._id, userId)
    const end = until ?? new Date(storeTime().getTime() + ms)
    if (end <= storeTime()) throw new RefusedCall(422, 'api.datePassed', 'until')
    // Calls for the same length at the same moment wish for one pause.
    await pause(bot, personIds, end, { apiKey: apiKey._id }, until ? 0 : sameWithinMs)
    await setPauseAlarm(bot._id, personIds, end)
    return { pausedUntil: end.toISOString() }
  },
)
