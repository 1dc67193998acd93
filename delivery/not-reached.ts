import type { Types } from 'mongoose'
import { UserError } from '../config/user-error.ts'
import { Link } from '../models/link.ts'
import { Person } from '../models/person.ts'
import { inChunks } from './recipients.ts'

/** Why the bot knows somebody and does not reach them: the account is blocked, or its link has ended. */
export type Unreached = 'blocked' | 'disconnected' | 'deleted'

/** Of these users, whom nobody is linked to, those whom somebody was linked to last, and how that ended. */
export async function partedUsers(bot: Types.ObjectId, userIds: string[]): Promise<Map<string, Unreached>> {
  const persons = await inChunks(userIds, (chunk) => Link.formerOf(bot, chunk))
  return new Map(persons.map(({ formerUserId, parted }) => [formerUserId ?? '', parted ?? 'disconnected']))
}

/**
 * What to answer where nothing can be said: nobody is known, or those who are known are not reached, for these
 * reasons.
 */
export function nobodyReached(reasons: Iterable<Unreached>): UserError {
  const [reason, ...others] = new Set(reasons)
  if (!reason) return new UserError('api.userNotFound')
  return new UserError(others.length > 0 ? 'not-reached.several' : `not-reached.${reason}`)
}

/** Why a user to whom nothing can be said is not reached. */
export async function notReachedUser(bot: Types.ObjectId, userId: string): Promise<UserError> {
  const linked = await Person.ofUsers(bot, [userId])
  return nobodyReached(linked.length > 0 ? ['blocked'] : (await partedUsers(bot, [userId])).values())
}
