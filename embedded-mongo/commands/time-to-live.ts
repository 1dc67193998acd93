import { decodeDocument } from '../bson/decode.ts'
import { DateTime } from '../bson/values.ts'
import { inverted, position, range } from '../planner/bounds.ts'
import { scan } from '../planner/scan.ts'
import { pathValues } from '../sort/key-walk.ts'
import type { Catalog } from '../store/catalog.ts'
import type { Collection } from '../store/collection.ts'
import type { Index } from '../store/index-keys.ts'
import type { KeyValueStore } from '../store/key-value.ts'

const mostAtOnce = 5_000

/** Deletes what has outlived a TTL index, at most a few thousand documents an index and call. */
export function deleteExpired(kv: KeyValueStore, catalog: Catalog): void {
  for (const collection of catalog.all()) {
    for (const index of collection.indexes)
      if (index.expireAfterSeconds !== undefined) sweepIndex(kv, collection, index, index.expireAfterSeconds)
  }
}

function sweepIndex(kv: KeyValueStore, collection: Collection, index: Index, seconds: number): void {
  const limit = new DateTime(BigInt(Date.now()) - BigInt(Math.round(seconds * 1000)))
  const [field] = index.fields
  if (!field) return
  const ascending = range('$lte', limit)
  const { low, high } = field.descending ? inverted(ascending) : ascending
  const prefix = collection.prefix(index.number)
  const ranges = [{ from: Buffer.concat([prefix, position(low)]), to: Buffer.concat([prefix, position(high)]) }]
  let deleted = 0
  const expired = { steps: [{ index, ranges }], reverse: false, once: false }
  for (const stored of scan(kv, collection, expired, { chunk: 256 })) {
    if (!stored) continue
    const document = decodeDocument(stored.bytes)
    // Of several dates the earliest counts, and that is the one the index has brought here.
    if (pathValues(document, field.parts).values.some((value) => value instanceof DateTime && value.ms <= limit.ms)) {
      collection.remove(stored.idKey, document)
      if (++deleted >= mostAtOnce) return
    }
  }
}
