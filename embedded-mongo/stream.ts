/** What comes one after the other; undefined says: nothing yet, a good moment to let others run. */
export type Stream<T> = Generator<T | undefined, void, void>
