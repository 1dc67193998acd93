/** What comes one after the other; undefined says: nothing yet, a good moment to let others run. */
export type Stream<T> = Generator<T | undefined, void, void>

const restEveryMs = 2

/**
 * What is there to be given, with pauses: for what makes much of little, or holds much. By the clock, for only that
 * knows how long those behind it take over what they get.
 */
export function* paced<T>(items: Iterable<T | undefined>): Stream<T> {
  let rested = performance.now()
  for (const item of items) {
    yield item
    if (performance.now() - rested < restEveryMs) continue
    yield undefined
    rested = performance.now()
  }
}
