import type { BotRecord } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { Dialogue } from '../models/dialogue.ts'
import { Key } from '../models/key.ts'
import { Notification } from '../models/notification.ts'
import { Person } from '../models/person.ts'
import { Right } from '../models/right.ts'
import { Update } from '../models/update.ts'

/** Deletes all that a bot knew. What waits to be sent goes first. */
export async function forgetBot({ _id: bot }: BotRecord): Promise<void> {
  await Delivery.deleteMany({ bot })
  await Notification.deleteMany({ bot })
  await Update.deleteMany({ bot })
  await Dialogue.deleteMany({ _id: { $gte: `${bot}:`, $lt: `${bot};` } })
  await Key.deleteMany({ bot })
  await Person.deleteMany({ bot })
  await Right.dropBot(bot)
}
