const minuteMs = 60_000

/** The zone of the machine that Rookery runs on. */
export function serverZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/**
 * What is wrong with the name of a time zone: there is none of that name, or (`odd`) its summer time differs by something else than an hour, for
 * which dates cannot be computed reliably.
 */
export function objectionToZone(zone: string): 'unknown' | 'odd' | undefined {
  if (!isZone(zone)) return 'unknown'
  const year = new Date().getUTCFullYear()
  const [winter, summer] = [0, 6].map((month) => minutesAhead(zone, new Date(Date.UTC(year, month, 15)))) as [
    number,
    number,
  ]
  return [0, 60].includes(Math.abs(summer - winter)) ? undefined : 'odd'
}

/** The zone of this name, or of this city: `tashkent` is Asia/Tashkent. */
export function zoneNamed(typed: string): string | undefined {
  const name = typed.trim().replace(/ +/g, '_').toLowerCase()
  const zones = Intl.supportedValuesOf('timeZone')
  const known = zones.find((zone) => zone.toLowerCase() === name || zone.toLowerCase().split('/').at(-1) === name)
  return known ?? (isZone(typed.trim()) ? typed.trim() : undefined)
}

/** A date and time of day as clocks show it. */
export type LocalTime = { year: number; month: number; day: number; hour: number; minute: number }

/** What a zone's clocks show at an instant. */
export function localTime(zone: string, at: Date): LocalTime {
  const local = new Date(at.getTime() + minutesAhead(zone, at) * minuteMs)
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate()]
  return { year, month, day, hour: local.getUTCHours(), minute: local.getUTCMinutes() }
}

/**
 * The instant at which a zone's clocks show this; days that a month does not have run on into the next. What they leave out in spring counts an
 * hour later, of what they show twice in autumn the first time counts, as for cron lines.
 */
export function instantOf(zone: string, { year, month, day, hour, minute }: LocalTime): Date {
  const shown = Date.UTC(year, month - 1, day, hour, minute)
  const [before, after] = [-1, 1].map((days) => minutesAhead(zone, new Date(shown + days * 86_400_000))) as [
    number,
    number,
  ]
  const [early, late] = [before, after].map((ahead) => new Date(shown - ahead * minuteMs)) as [Date, Date]
  return minutesAhead(zone, early) !== before && minutesAhead(zone, late) === after ? late : early
}

/** How far a zone's clocks are ahead of UTC at an instant, in minutes. */
export function minutesAhead(zone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at)
  const offset = /([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '')
  if (!offset) return 0
  const [, sign, hours, minutes] = offset
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

function isZone(zone: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
