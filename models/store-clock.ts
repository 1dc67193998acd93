import mongoose, { mongo } from 'mongoose'

/** How far the store's clock is ahead of this process's. */
let aheadMs = 0

/**
 * The time by the store's clock. What is stored, or compared with what is stored, takes it: several processes work on one store, and the
 * clock of one of them may be wrong.
 */
export function storeTime(): Date {
  return new Date(Date.now() + aheadMs)
}

/** An id that sorts by the store's clock: what is read in the order of its ids is written by several processes. */
export function newId(): mongo.ObjectId {
  return new mongo.ObjectId(mongo.ObjectId.generate(Math.floor(storeTime().getTime() / 1000)))
}

/** Measures the difference between the clocks anew. What the measurement itself cannot tell from none counts as no change. */
export async function measureStoreClock(): Promise<void> {
  const [asked, askedAt] = [Date.now(), performance.now()]
  const { localTime } = await mongoose.connection.getClient().db('admin').command({ hello: 1 })
  const tookMs = performance.now() - askedAt
  const measuredMs = localTime.getTime() - (asked + tookMs / 2)
  if (Math.abs(measuredMs - aheadMs) > tookMs / 2 + 1) aheadMs = Math.round(measuredMs)
}
