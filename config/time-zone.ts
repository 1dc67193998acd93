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

/** How far a zone's clocks are ahead of UTC at an instant, in minutes. */
function minutesAhead(zone: string, at: Date): number {
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
