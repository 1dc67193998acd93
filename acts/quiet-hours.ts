import { objectionToZone, zoneNamed } from '../config/time-zone.ts'
import { UserError } from '../config/user-error.ts'
import type { BotRecord } from '../models/bot.ts'
import { HeldDeliveries } from '../models/held-deliveries.ts'
import type { QuietHours } from '../models/person.ts'
import { Silence } from '../models/silence.ts'

/** Sets or ends a person's quiet hours. What waits for the end of those they had is judged anew. */
export async function setQuietHours(bot: BotRecord, personId: number, hours: QuietHours | null): Promise<void> {
  await Silence.setQuietHours(bot._id, personId, hours)
  await HeldDeliveries.reconsider(bot._id, personId)
}

/** The hours as they are typed: `22:00-8:00`, `22–8`, `from 22 to 7.30`. @throws UserError when they are none */
export function quietHoursIn(typed: string): { from: string; to: string } {
  const times = [...typed.matchAll(/(\d{1,2})(?:[:.](\d{2}))?/g)].map(([, hour, minute = '00']) => ({ hour, minute }))
  const [from, to, ...more] = times.map(({ hour = '', minute }) => `${hour.padStart(2, '0')}:${minute}`)
  const isReal = (time: string | undefined) => time !== undefined && /^([01]\d|2[0-3]):[0-5]\d$/.test(time)
  if (!from || !to || more.length > 0 || from === to || ![from, to].every(isReal))
    throw new UserError('error.quietHoursMalformed')
  return { from, to }
}

/** The zone that somebody names. @throws UserError when there is none of that name, or we cannot count by it */
export function zoneIn(typed: string): string {
  const zone = zoneNamed(typed)
  if (!zone) throw new UserError('error.zoneUnknown')
  if (objectionToZone(zone)) throw new UserError('error.zoneOdd')
  return zone
}
