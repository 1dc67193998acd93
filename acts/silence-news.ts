import { limits } from '../bot-api/limits.ts'
import { dateInWords } from '../config/date-in-words.ts'
import { tAll } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import { locales } from '../config/locales.ts'
import { showWaitingButton } from '../delivery/merge.ts'
import { tellPersonsOnce } from '../delivery/notify.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { encode } from '../models/callback-data.ts'
import { HeldDeliveries } from '../models/held-deliveries.ts'
import type { Content } from '../models/notification.ts'
import type { PersonRecord } from '../models/person.ts'
import { Silence } from '../models/silence.ts'
import { zoneOf } from './schedules.ts'

/**
 * Tells a person what has changed in their silence and was not told yet: once, however often and by whomever it is
 * done. Answers whether there
 * was anything to tell.
 */
export async function tellSilenceNews(bot: BotRecord, person: PersonRecord): Promise<boolean> {
  const { personId, silenceNews: news } = person
  if (!news) return false
  // Whoever is blocked hears of nothing but that; what they wished for holds.
  if (person.blocked) {
    await Silence.told(bot._id, personId, news.at)
    return false
  }
  const content = news.what === 'paused' ? await paused(bot, person) : await resumed(bot, person)
  await tellPersonsOnce(bot, [personId], { ...content, format: 'html' }, `silence:${personId}:${news.at.getTime()}`)
  await Silence.told(bot._id, personId, news.at)
  return true
}

/** Tells what a crash kept from being told. */
export async function tellLeftSilenceNews(person: PersonRecord): Promise<void> {
  const bot = await Bot.byId(person.bot)
  if (bot) await tellSilenceNews(bot, person)
}

/** By whose clocks a person counts: their own, if they have said, or else the bot's. */
export function zoneOfPerson(bot: BotRecord, person: Pick<PersonRecord, 'quietHours'> | null): string {
  return person?.quietHours?.timezone ?? zoneOf(bot)
}

async function paused(bot: BotRecord, person: PersonRecord): Promise<Content> {
  const zone = zoneOfPerson(bot, person)
  const until = person.pausedUntil ?? new Date(0)
  const data = await encode({ scene: 'resume@1', args: { payload: '' } }, limits.callbackDataBytes)
  return {
    text: tAll('pauses.paused', (locale) => ({ until: dateInWords(locale, until, zone), zone })),
    buttons: [[{ text: tAll('pauses.resumeNow'), data }]],
  }
}

async function resumed(bot: BotRecord, { personId, name }: PersonRecord): Promise<Content> {
  const count = await HeldDeliveries.count(bot._id, personId)
  const greeting = tAll('pauses.resumed', { name })
  const waited = tAll('pauses.waited', { count })
  const text = (locale: Locale) => (count > 0 ? `${greeting[locale]}\n\n${waited[locale]}` : greeting[locale])
  return {
    text: Object.fromEntries(locales.map((locale) => [locale, text(locale)])),
    ...(count > 0 && { buttons: [[await showWaitingButton('pauses.show', count)]] }),
    // biome-ignore lint/suspicious/noThenProperty: a field of a notification, no promise
    then: { scene: 'returned@1', args: { payload: '' } },
  }
}
