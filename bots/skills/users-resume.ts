import { z } from 'zod'
import { resume } from '../../acts/pause.ts'
import { notReachedUser } from '../../delivery/not-reached.ts'
import { defineEndpoint } from '../../dialogue/endpoint.ts'
import { userId } from '../../directory/user-id.ts'
import { Person } from '../../models/person.ts'

export const resumeUser = defineEndpoint(
  'users/resume',
  {
    summary: 'Ends the pause of a user and greets them; who has not paused hears nothing',
    params: z.strictObject({ userId }).meta({ examples: [{ userId: 127 }] }),
    answer: z.object({}),
  },
  async ({ userId }, { record: bot }, { apiKey }) => {
    const personIds = (await Person.ofUsers(bot._id, [userId])).map(({ personId }) => personId)
    if (personIds.length === 0) throw await notReachedUser(bot._id, userId)
    await resume(bot, personIds, { apiKey: apiKey._id })
    return {}
  },
)
