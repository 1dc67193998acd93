/**
 * Lets concurrent calls share their writes: what arrives while a write is under way goes into the next one, at most `most` at a time.
 * `write` answers one result an item, in their order; when it throws, all of its calls fail with that error.
 */
export function batched<Item, Result>(
  write: (items: Item[]) => Promise<Result[]>,
  most = 500,
): (item: Item) => Promise<Result> {
  type Waiting = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }
  let waiting: Waiting[] = []
  let busy = false

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, most)
      waiting = waiting.slice(most)
      try {
        const results = await write(group.map(({ item }) => item))
        group.forEach(({ resolve }, index) => {
          resolve(results[index] as Result)
        })
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    busy = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (busy) return
      busy = true
      // Not at once: what else this turn of the event loop brings shares the first write.
      setImmediate(work)
    })
}
