import { CronExpressionParser } from 'cron-parser'
import { validate } from 'node-cron'
import type { TextKey } from '../config/i18n.ts'
import { objectionToZone } from '../config/time-zone.ts'
import { UserError } from '../config/user-error.ts'

/** A cron line of five fields, in single spaces. @throws UserError when it is none */
export function cronIn(typed: string): string {
  const cron = typed.trim().replace(/\s+/g, ' ')
  const objection = objectionToCron(cron)
  if (objection) throw new UserError(objection)
  return cron
}

/** A time zone as the tz database spells it, whatever the letter case. @throws UserError when there is none of that name */
export function timezoneIn(typed: string): string {
  // An offset is no zone: it knows no summer time.
  if (!/^[a-z]/i.test(typed) || objectionToZone(typed)) throw new UserError('error.timezoneUnknown')
  return new Intl.DateTimeFormat('en', { timeZone: typed }).resolvedOptions().timeZone
}

/**
 * What is wrong with a cron line, if anything is. Only what node-cron, which rings, and cron-parser, which foretells, understand alike is
 * taken: where days of the month and of the week are both named, one wants both and the other either.
 */
export function objectionToCron(line: string): TextKey | undefined {
  const fields = line.split(' ')
  if (fields.length !== 5 || !validate(line) || !parses(line)) return 'error.cronMalformed'
  const [, , days, , weekdays] = fields
  return days === '*' || weekdays === '*' ? undefined : 'error.cronBothDays'
}

function parses(line: string): boolean {
  try {
    return CronExpressionParser.parse(line).next() !== null
  } catch {
    return false
  }
}
