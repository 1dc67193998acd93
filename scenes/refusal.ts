import { UserError } from '../config/user-error.ts'
import type { Talk } from '../dialogue/talk.ts'

/** Does something once, as `talk.effect`; a refusal is said, and answered as undefined. */
export async function attempt<T>(talk: Talk, name: string, run: (key: string) => Promise<T>): Promise<T | undefined> {
  try {
    return await talk.effect(name, run)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await talk.say(error.key, error.params)
    return undefined
  }
}
