import type { Locale } from '../config/locales.ts'
import type { BotRecord } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { Person } from '../models/person.ts'

/** Nothing more is sent to a person until they start again; what waits for them is cancelled. */
export async function stop(bot: BotRecord, personId: number): Promise<void> {
  await Person.stop(bot._id, personId, 'by-command')
  await Delivery.cancel(bot._id, personId)
}

export async function startAgain(bot: BotRecord, personId: number): Promise<void> {
  await Person.restart(bot._id, personId)
}

export async function hasStopped(bot: BotRecord, personId: number): Promise<boolean> {
  return (await Person.of(bot._id, personId))?.stopped === 'by-command'
}

export async function speak(bot: BotRecord, personId: number, locale: Locale): Promise<void> {
  await Person.speak(bot._id, personId, locale)
}
