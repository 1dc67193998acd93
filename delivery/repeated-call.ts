import type { Types } from 'mongoose'
import { Notification } from '../models/notification.ts'
import { storeTime } from '../models/store-clock.ts'
import { finishExpanding } from './notify.ts'

/** An expansion older than this belongs to a process that died: the repeat finishes it. */
const patienceMs = 10_000

export type Repeat = { state: 'answered'; answer: object } | { state: 'in progress' } | { state: 'another call' }

/** What became of the first call with this Idempotency-Key. Undefined: there was none. */
export async function repeatOf(
  apiKey: Types.ObjectId,
  idempotencyKey: string,
  bodyPrint: string,
): Promise<Repeat | undefined> {
  const first = await Notification.byIdempotencyKey(apiKey, idempotencyKey)
  if (!first) return undefined
  if (first.bodyPrint !== bodyPrint) return { state: 'another call' }
  if (first.state === 'expanding') {
    if (storeTime().getTime() - first.madeAt.getTime() < patienceMs) return { state: 'in progress' }
    const whole = await Notification.byId(first._id)
    if (whole) await finishExpanding(whole)
  }
  return { state: 'answered', answer: Notification.openAnswer(first.answer) }
}
