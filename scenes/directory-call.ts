import type { Talk } from '../dialogue/talk.ts'
import { DirectoryFailure } from '../directory/failure.ts'

/**
 * Asks the directory something, as often as the person wishes: that it does not answer is told as such, and what was
 * typed so far stays.
 * The key is the same each time, so that a call whose answer was lost is not carried out twice.
 */
export async function askDirectory<T>(talk: Talk, name: string, ask: (key: string) => Promise<T>): Promise<T> {
  let first: string | undefined
  for (;;) {
    const outcome = await talk.effect(name, async (key) => {
      try {
        return { key, value: await ask(first ?? key) }
      } catch (error) {
        if (error instanceof DirectoryFailure) return { key, failed: true as const }
        throw error
      }
    })
    if (!('failed' in outcome)) return outcome.value
    first ??= outcome.key
    await talk.choose('directory.down', [{ value: 'again', label: talk.t('directory.again') }])
  }
}
