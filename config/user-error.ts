/**
 * Something that the person who is speaking with us did wrong or must know. `key` is a locale key under `error.`, which the boundary
 * (a scene's question, a press, an endpoint) says in that person's language.
 */
export class UserError extends Error {
  override name = 'UserError'
  readonly key: string
  readonly params: Record<string, unknown>

  constructor(key: string, params: Record<string, unknown> = {}) {
    super(key)
    this.key = key
    this.params = params
  }
}
