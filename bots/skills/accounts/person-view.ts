import { z } from 'zod'
import type { PersonRecord } from '../../../models/person.ts'
import { storeTime } from '../../../models/store-clock.ts'

/** A person as other systems see one. */
export const personView = z.object({
  userId: z.string().describe('The user that the person is linked to, or was linked to last'),
  linked: z.boolean(),
  parted: z.enum(['disconnected', 'deleted']).optional().describe('How the last link ended'),
  name: z.string(),
  username: z.string().optional(),
  locale: z.string(),
  role: z.string().optional(),
  linkedAt: z.iso.datetime().optional(),
  lastSeenAt: z.iso.datetime(),
  stopped: z.boolean().describe('The person has stopped the bot'),
  blocked: z.boolean().describe('The account is blocked'),
  pausedUntil: z.iso.datetime().optional(),
})

export function viewOf(person: PersonRecord): z.output<typeof personView> {
  const { userId, formerUserId, parted, name, username, locale, role, linkedAt, lastSeenAt, pausedUntil } = person
  const isPaused = pausedUntil != null && pausedUntil > storeTime()
  return {
    userId: userId ?? formerUserId ?? '',
    linked: userId != null,
    name,
    locale,
    lastSeenAt: lastSeenAt.toISOString(),
    stopped: person.stopped != null,
    blocked: person.blocked != null,
    ...(parted && { parted }),
    ...(username && { username }),
    ...(role && { role }),
    ...(linkedAt && { linkedAt: linkedAt.toISOString() }),
    ...(isPaused && { pausedUntil: pausedUntil.toISOString() }),
  }
}
