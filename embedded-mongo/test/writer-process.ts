import { writeSync } from 'node:fs'
import { MongoClient } from 'mongodb'
import { startEmbeddedMongo } from '../server.ts'

/**
 * Writes with sixteen writers until it is killed. Before each pair it notes `try N`, after the acknowledgement `ok
 * N`; the same with `change N` and `changed N` for an update of both. Arguments: the store's directory, the first
 * number.
 */
const [dir = '', first = '0'] = process.argv.slice(2)
const store = await startEmbeddedMongo({ dir })
const client = await new MongoClient(store.uri).connect()
const entries = client
  .db('ledger')
  .collection<{ _id: number; half: number; tags: number[]; changed?: number }>('entries')
await entries.createIndex({ tags: 1 })
// Synchronous: a note must be out before the write it speaks of can be on the disk.
const note = (line: string) => writeSync(1, `${line}\n`)
let next = Number(first)

async function write(): Promise<void> {
  for (;;) {
    const _id = next
    next += 2
    note(`try ${_id}`)
    // Two documents by one command: both are there or none.
    await entries.insertMany([
      { _id, half: 1, tags: [_id, -_id] },
      { _id: _id + 1, half: 2, tags: [_id] },
    ])
    note(`ok ${_id}`)
    note(`change ${_id}`)
    await entries.updateMany({ _id: { $in: [_id, _id + 1] } }, { $set: { changed: _id }, $push: { tags: _id + 0.5 } })
    note(`changed ${_id}`)
  }
}
await Promise.all(Array.from({ length: 16 }, write))
