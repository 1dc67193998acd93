import { performance } from 'node:perf_hooks'

/** Time as pacing sees it, in milliseconds that never go back. */
export type Clock = {
  now(): number
  /** Runs `act` once, after at least `ms`; answers how to call it off. */
  after(ms: number, act: () => void): () => void
}

export const wallClock: Clock = {
  now: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, Math.ceil(ms))
    return () => clearTimeout(timer)
  },
}

/** Waits; answers at once when the signal aborts. */
export function pause(ms: number, signal: AbortSignal, clock: Clock = wallClock): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      callOff()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const callOff = clock.after(ms, end)
    signal.addEventListener('abort', end, { once: true })
  })
}
