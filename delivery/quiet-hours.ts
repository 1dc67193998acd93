import { instantOf, localTime } from '../config/time-zone.ts'
import type { QuietHours } from '../models/person.ts'

/**
 * When the quiet hours end in which this instant lies; undefined when it lies in none. An end that the clocks leave
 * out in spring comes an hour
 * later, one that they show twice in autumn comes the first time.
 */
export function endOfQuiet({ from, to, timezone }: QuietHours, now: Date): Date | undefined {
  const [begin, end] = [minutesOf(from), minutesOf(to)]
  const local = localTime(timezone, now)
  const present = local.hour * 60 + local.minute
  const isQuiet = begin < end ? begin <= present && present < end : begin <= present || present < end
  if (!isQuiet || begin === end) return undefined
  const day = present < end ? local.day : local.day + 1
  const at = instantOf(timezone, { ...local, day, hour: Math.floor(end / 60), minute: end % 60 })
  return at > now ? at : undefined
}

/** Of the time of day, `HH:MM`. */
function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}
