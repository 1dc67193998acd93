import { attempt } from './toasts.js'

/**
 * Makes a burst of requests for the same thing cost two: one under way, one after it that sees everything.
 * @param {() => Promise<unknown>} load
 */
export function coalesced(load) {
  let running = null
  let again = false
  return () => {
    again = running !== null
    running ??= attempt(async () => {
      do {
        again = false
        await load()
      } while (again)
    }).finally(() => {
      running = null
    })
    return running
  }
}
