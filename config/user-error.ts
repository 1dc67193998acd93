import type { TextKey, TextParams } from './i18n.ts'

/**
 * Something that the person who is speaking with us did wrong or must know; the boundary (a scene's question, a press, an endpoint)
 * says the text `key` in that person's language.
 */
export class UserError extends Error {
  override name = 'UserError'
  readonly key: TextKey
  readonly params: TextParams

  constructor(key: TextKey, params: TextParams = {}) {
    super(key)
    this.key = key
    this.params = params
  }
}
