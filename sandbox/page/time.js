const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' })
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })

/** @param {number} seconds since 1970, as in a message's date */
export const clockOf = (seconds) => clock.format(seconds * 1000)
export const isoOf = (seconds) => new Date(seconds * 1000).toISOString()
export const isSameDay = (one, other) => new Date(one * 1000).toDateString() === new Date(other * 1000).toDateString()

export function dayOf(seconds) {
  const date = new Date(seconds * 1000)
  const today = new Date()
  if (date.toDateString() === today.toDateString()) return 'Today'
  return (date.getFullYear() === today.getFullYear() ? day : dayOfYear).format(date)
}

/** The clock for today, else the day. */
export const shortOf = (seconds) => (dayOf(seconds) === 'Today' ? clockOf(seconds) : dayOf(seconds))
