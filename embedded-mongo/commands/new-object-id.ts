import { ObjectId } from '../bson/values.ts'

const machine = crypto.getRandomValues(new Uint8Array(5))
let counter = Math.floor(Math.random() * 0xffffff)

/** An id for a document that brought none, as drivers make them. */
export function newObjectId(): ObjectId {
  const bytes = Buffer.allocUnsafe(12)
  bytes.writeUInt32BE(Math.floor(Date.now() / 1000), 0)
  bytes.set(machine, 4)
  counter = (counter + 1) & 0xffffff
  bytes.writeUIntBE(counter, 9, 3)
  return new ObjectId(bytes)
}
