import { type TextKey, t } from '../config/i18n.ts'
import { locales } from '../config/locales.ts'
import { UserError } from '../config/user-error.ts'
import { planIn } from './when.ts'

/**
 * The end of a pause that somebody means: what `planIn` understands as a date, also as a length (`2 hours`, `2h`) or
 * after the word for until
 * (`until monday 9:00`, `до понедельника`), in any of our languages.
 * @throws UserError when it is none, or not to come
 */
export function pauseUntil(typed: string, { zone, now }: { zone: string; now: Date }): Date {
  for (const words of waysToSay(typed.trim().toLowerCase())) {
    const plan = planIn(words, { zone, now })
    if (!plan || !('at' in plan)) continue
    if (plan.at <= now) throw new UserError('error.datePassed')
    return plan.at
  }
  throw new UserError('error.durationUnknown')
}

/** As it was typed, without the word for until, and with what makes a length a date. */
function waysToSay(typed: string): string[] {
  const until = phrases('pause.until')
  const before = until.filter((word) => typed.startsWith(`${word} `)).map((word) => typed.slice(word.length + 1))
  const behind = until.filter((word) => typed.endsWith(word)).map((word) => typed.slice(0, -word.length).trim())
  const bare = [typed, ...before, ...behind].flatMap((one) => [one, parted(one)])
  return [...bare, ...bare.flatMap((one) => phrases('pause.prefixes').map((way) => way.replace('#', one)))]
}

/** `2h` as `2 h`. */
function parted(length: string): string {
  return length.replace(/^(\d+)(?=\p{L}+$)/u, '$1 ')
}

function phrases(key: TextKey): string[] {
  return locales.flatMap((locale) => t(locale, key).split('|'))
}
