const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A span of time: milliseconds, or seconds, minutes, hours or days as `90s`, `30m`, `4h`, `2d`. */
export type Duration = number | `${number}${keyof typeof unitMs}`

/** @throws RangeError for what is no span of time to come */
export function msOf(duration: Duration): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(String(duration)) ?? []
  const ms = typeof duration === 'number' ? duration : Number(count) * unitMs[unit as keyof typeof unitMs]
  if (ms > 0 && Number.isFinite(ms)) return ms
  throw new RangeError(`"${duration}" is no duration: write 4h, 30m, 90s, 2d, or milliseconds`)
}
