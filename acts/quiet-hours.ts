import { asTyped } from '../config/as-typed.ts'
import { t } from '../config/i18n.ts'
import { locales } from '../config/locales.ts'
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

const timeOfDay = /(?<!\d)(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))?(?!\d)(?: ?(?<half>[ap])\.?m\b\.?)?/g

/**
 * The hours as they are typed: `22:00-8:00`, `22–8`, `from 10pm to 7.30am`. The words around them are those of the
 * locales.
 * @throws UserError when they are none, or not all of it is understood
 */
export function quietHoursIn(typed: string): { from: string; to: string } {
  const text = asTyped(typed).toLowerCase()
  const times = [...text.matchAll(timeOfDay)].map(({ groups }) => groups as TypedTime)
  const [from, to, ...more] = times.map(clockTime)
  const others = text.replace(timeOfDay, ' ').split(/[\s-]+/)
  // 10-8am: nobody can tell which ten it is.
  const isHalfSaid = times.some(({ half }) => half) && times.some(({ half, hour }) => !half && Number(hour) <= 12)
  if (!from || !to || more.length > 0 || from === to || isHalfSaid || !others.every(isFiller))
    throw new UserError('error.quietHoursMalformed')
  return { from, to }
}

type TypedTime = { hour: string; minute?: string; half?: 'a' | 'p' }

function clockTime({ hour: typed, minute = '00', half }: TypedTime): string | undefined {
  if (half && (Number(typed) < 1 || Number(typed) > 12)) return undefined
  const hour = half ? (Number(typed) % 12) + (half === 'p' ? 12 : 0) : Number(typed)
  return hour < 24 && Number(minute) < 60 ? `${String(hour).padStart(2, '0')}:${minute}` : undefined
}

function isFiller(word: string): boolean {
  return word === '' || locales.some((locale) => t(locale, 'quiet-hours.fillers').split('|').includes(word))
}

/** The zone that somebody names. @throws UserError when there is none of that name, or we cannot count by it */
export function zoneIn(typed: string): string {
  const zone = zoneNamed(typed)
  if (!zone) throw new UserError('error.zoneUnknown')
  if (objectionToZone(zone)) throw new UserError('error.zoneOdd')
  return zone
}
