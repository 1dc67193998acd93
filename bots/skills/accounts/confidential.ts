import { countryOf } from '../../../acts/linking-ways.ts'
import { asTyped } from '../../../config/as-typed.ts'
import { t } from '../../../config/i18n.ts'
import { locales } from '../../../config/locales.ts'
import { digitsOf, typedPhone } from '../../../directory/phone.ts'
import type { BotRecord } from '../../../models/bot.ts'

/** A code of six digits or a key of eight, in one or in groups of one length. */
const codeOrKey =
  /^(?:\d{6}|\d{8}|\d{3}[\s-]\d{3}|\d{2}([\s-])\d{2}\1\d{2}|\d{4}[\s-]\d{4}|\d{2}([\s-])\d{2}\2\d{2}\2\d{2})$/
/** Shorter ones are numbers of orders and sums of money, where a country's numbers need no prefix. */
const shortestPhone = 9

/** Whether words look like a code, a key or a phone: what proves who somebody is, and so is for nobody else to read. */
export function isProof(text: string, bot: BotRecord): boolean {
  const typed = asTyped(text)
  return codeOrKey.test(typed) || codeOrKey.test(behindItsName(typed)) || isPhone(typed, countryOf(bot))
}

/** What is left of `code 123456`, in any of our languages. */
function behindItsName(typed: string): string {
  const names = locales.flatMap((locale) => t(locale, 'link.proofNames').split('|'))
  const name = new RegExp(`^(?:\\p{L}+ )?(?:${names.join('|')})\\p{L}*[:=\\s-]*(?:\\p{L}{1,3} )?`, 'iu')
  return typed.replace(name, '').replace(/[.!]$/, '')
}

function isPhone(typed: string, country: string | undefined): boolean {
  const isLong = digitsOf(typed).length >= shortestPhone
  return typedPhone(typed, isLong ? country : undefined) !== undefined
}
