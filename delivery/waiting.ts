import type { BotRecord } from '../models/bot.ts'
import { changes } from '../models/changes.ts'
import { HeldDeliveries } from '../models/held-deliveries.ts'
import { Notification } from '../models/notification.ts'
import { gather, isMergeable, sayBrokenOff, sayTogether } from './merge.ts'

/** So many are given at once; of more, a button gives the next. */
const givenAtOnce = 20

/**
 * Gives a person the latest of what waits for them, also while they have paused: plain texts as one message, the
 * rest singly after it. Safe to
 * repeat: what is being given does not wait any more.
 */
export async function giveWaiting(bot: BotRecord, personId: number): Promise<{ given: number; left: number }> {
  const brokenOff = await sayBrokenOff(bot, personId)
  const latest = await HeldDeliveries.latest(bot._id, personId, givenAtOnce)
  const said = await Notification.contents(latest.map(({ notification }) => notification))
  const contents = new Map(said.map(({ _id, content }) => [String(_id), content]))
  const plain = latest.filter((delivery) => {
    const content = contents.get(String(delivery.notification))
    return content && isMergeable(delivery, content)
  })
  const together = plain.length > 1 ? plain : []
  const carrier = together.length > 0 ? await gather(together) : undefined
  // Before the rest is said, so that a crash in between leaves none of it behind.
  await HeldDeliveries.release(latest.filter((delivery) => !together.includes(delivery)).map(({ _id }) => _id))
  if (carrier) await sayTogether(bot, carrier)
  changes.emit('deliveries', String(bot._id))
  return { given: brokenOff + latest.length, left: await HeldDeliveries.count(bot._id, personId) }
}
