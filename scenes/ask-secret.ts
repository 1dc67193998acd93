import type { TextKey, TextParams } from '../config/i18n.ts'
import type { Talk } from '../dialogue/talk.ts'
import { attempt } from './refusal.ts'

/**
 * Asks for what holds a secret until `check` takes it. The message that held it is deleted at once, whatever it was
 * good for.
 */
export async function askSecret<T>(
  talk: Talk,
  key: TextKey,
  params: TextParams,
  check: (typed: string) => T,
): Promise<T> {
  for (;;) {
    const { text, messageId } = await talk.ask(key, params, (answer) => answer)
    if (!(await talk.forget(messageId))) await talk.say('ask-secret.stays')
    const found = await attempt(talk, 'check', async () => ({ value: check(text) }))
    if (found) return found.value
  }
}
