import { setTimeout as pause } from 'node:timers/promises'
import { Alarm } from '../models/alarm.ts'
import type { BotRecord } from '../models/bot.ts'
import { Chat } from '../models/chat.ts'
import { Delivery } from '../models/delivery.ts'
import { Dialogue } from '../models/dialogue.ts'
import { Errand } from '../models/errand.ts'
import { Key } from '../models/key.ts'
import { Lease } from '../models/lease.ts'
import { Notification } from '../models/notification.ts'
import { Occurrence } from '../models/occurrence.ts'
import { Person } from '../models/person.ts'
import { Reminder } from '../models/reminder.ts'
import { StartLink } from '../models/start-link.ts'
import { storeTime } from '../models/store-clock.ts'
import { Update } from '../models/update.ts'

/** A lease lasts 12 s, and a holder that is alive gives it back as soon as it sees that the bot is switched off. */
const patienceMs = 15_000
const lookEveryMs = 50

/**
 * Deletes all that a bot knew, once the process that runs it has let it go: what is just being answered would write
 * some of it again.
 * What waits to be said goes first, so that nothing of it falls due meanwhile. Rights and the bot's own record stay.
 */
export async function forgetBot({ _id: bot }: BotRecord): Promise<void> {
  const end = performance.now() + patienceMs
  while ((await isHeld(bot)) && performance.now() < end) await pause(lookEveryMs)
  await Alarm.drop(await Notification.scheduledIds(bot))
  await Notification.deleteMany({ bot })
  await Occurrence.deleteMany({ bot })
  await Delivery.deleteMany({ bot })
  await Reminder.deleteMany({ bot })
  await Update.deleteMany({ bot })
  await Dialogue.deleteMany({ _id: { $gte: `${bot}:`, $lt: `${bot};` } })
  await Key.deleteMany({ bot })
  await StartLink.deleteMany({ bot })
  await Errand.deleteMany({ bot })
  await Person.deleteMany({ bot })
  await Chat.deleteMany({ bot })
  await Lease.deleteOne({ _id: bot })
}

async function isHeld(bot: BotRecord['_id']): Promise<boolean> {
  return (await Lease.exists({ _id: bot, until: { $gt: storeTime() } })) !== null
}
