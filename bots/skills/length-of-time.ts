const minuteMs = 60_000
const units = { m: minuteMs, h: 60 * minuteMs, d: 1440 * minuteMs, w: 10_080 * minuteMs } as const
const isoUnits = [10_080, 1440, 60, 1, 1 / 60].map((minutes) => minutes * minuteMs)
const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i
/** Longer than this is no pause any more. */
const longestMs = 3660 * units.d

/**
 * Milliseconds of `90m`, `2h`, `3d`, `1w`, or of an ISO 8601 duration in weeks, days and times; undefined for
 * anything else.
 */
export function lengthIn(written: string): number | undefined {
  const text = written.trim()
  const [, count, unit] = /^(\d+) ?([mhdw])$/i.exec(text) ?? []
  const parts = iso.exec(text)?.slice(1)
  const ms = unit
    ? Number(count) * units[unit.toLowerCase() as keyof typeof units]
    : (parts?.reduce((sum, part, nth) => sum + Number(part ?? 0) * (isoUnits[nth] ?? 0), 0) ?? 0)
  return ms > 0 && ms <= longestMs ? ms : undefined
}
