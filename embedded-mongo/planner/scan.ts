import type { Collection, Stored } from '../store/collection.ts'
import { primaryIndex } from '../store/collection.ts'
import type { KeyValueStore } from '../store/key-value.ts'
import type { Stream } from '../stream.ts'
import type { Plan } from './plan.ts'

const restEvery = 200
/** As many bytes of documents are a reason to rest as well. */
const restBytes = 1024 * 1024

const unread = Buffer.alloc(0)

/** The documents of a plan, in its order; with `fetch` false only their keys, when an index has these. */
export function* scan(
  kv: KeyValueStore,
  collection: Collection,
  plan: Pick<Plan, 'steps' | 'reverse' | 'once'>,
  { chunk, fetch = true }: { chunk: number; fetch?: boolean },
): Stream<Stored> {
  const seen = plan.once ? undefined : new Set<string>()
  let steps = 0
  let bytesRead = 0
  for (const { index, ranges } of plan.steps) {
    collection.refuseGone(index)
    for (const { from, to } of plan.reverse ? ranges.toReversed() : ranges) {
      for (const [key, value] of kv.range(from, to, plan.reverse, chunk)) {
        if (++steps >= restEvery || bytesRead > restBytes) {
          yield undefined
          collection.refuseGone(index)
          steps = 0
          bytesRead = 0
        }
        const primary = index.number === primaryIndex
        const idKey = primary ? key.subarray(6) : value
        if (seen) {
          const name = idKey.toString('latin1')
          if (seen.has(name)) continue
          seen.add(name)
        }
        const bytes = primary ? value : fetch ? collection.get(idKey) : unread
        // Between two chunks a document may have gone.
        if (!bytes) continue
        bytesRead += bytes.length
        yield { idKey, bytes }
        collection.refuseGone(index)
      }
    }
  }
}
