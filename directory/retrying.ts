import { setTimeout } from 'node:timers/promises'
import { DirectoryFailure } from './failure.ts'

/** A directory that asks for a longer pause is left to the caller: somebody waits for the reply in a chat. */
const longestPauseMs = 5_000

/** Tries again what may succeed in a moment, with growing pauses that differ by chance, so that many do not return as one. */
export async function retrying<T>(
  attempt: () => Promise<T>,
  { attempts, pauseMs }: { attempts: number; pauseMs: number },
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt()
    } catch (error) {
      if (tried >= attempts || !(error instanceof DirectoryFailure && error.passing)) throw error
      const grown = pauseMs * 3 ** (tried - 1) * (0.5 + Math.random() / 2)
      const pause = Math.max(grown, error.detail.retryAfterMs ?? 0)
      if (pause > longestPauseMs) throw error
      await setTimeout(pause)
    }
  }
}
