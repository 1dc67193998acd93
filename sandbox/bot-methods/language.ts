import { badRequest } from '../failures.ts'
import type { Parameters } from '../parameters.ts'

/** The two-letter `language_code`, "" when none is given. */
export function readLanguage(parameters: Parameters): string {
  const language = parameters.text('language_code')
  if (language && !/^[a-z]{2}$/.test(language)) throw badRequest('LANGUAGE_CODE_INVALID')
  return language
}
