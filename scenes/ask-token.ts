import type { TextKey } from '../config/i18n.ts'
import type { Talk } from '../dialogue/talk.ts'
import { attempt } from './refusal.ts'

/** The token that a message holds. */
export function tokenIn(text: string): string | undefined {
  return /(?<![\w-])\d{1,16}:[\w-]{35}(?![\w-])/.exec(text)?.[0]
}

/**
 * Asks for a token until `check` takes it. The message that held it is deleted at once, whatever it was good for; all of BotFather's
 * message may be pasted.
 */
export async function askToken<T>(talk: Talk, key: TextKey, check: (token: string) => Promise<T>) {
  for (;;) {
    const { text, messageId } = await talk.ask(key, {}, (answer) => answer)
    await talk.forget(messageId)
    const token = tokenIn(text) ?? text
    const found = await attempt(talk, 'check', async () => ({ answer: await check(token) }))
    if (found) return { token, answer: found.answer }
  }
}
