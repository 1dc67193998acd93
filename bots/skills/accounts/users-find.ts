import { z } from 'zod'
import { UserError } from '../../../config/user-error.ts'
import { defineEndpoint } from '../../../dialogue/endpoint.ts'
import { userId } from '../../../directory/user-id.ts'
import { Link } from '../../../models/link.ts'
import { Person } from '../../../models/person.ts'
import { personView, viewOf } from './person-view.ts'

export const usersFind = defineEndpoint(
  'users/find',
  {
    summary: 'Who is or was linked to a user, and whether messages reach them',
    params: z.strictObject({ userId }).meta({ examples: [{ userId: 127 }] }),
    answer: z.object({ persons: z.array(personView) }),
  },
  async ({ userId }, { record: bot }) => {
    const [linked, former] = await Promise.all([Person.ofUsers(bot._id, [userId]), Link.formerOf(bot._id, [userId])])
    if (linked.length + former.length === 0) throw new UserError('api.userNotFound')
    return { persons: [...linked, ...former].map(viewOf) }
  },
)
