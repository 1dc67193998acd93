import type { Types } from 'mongoose'
import { escapeHtml } from '../bot-api/html.ts'
import { limits } from '../bot-api/limits.ts'
import { tAll } from '../config/i18n.ts'
import { localeOf, locales } from '../config/locales.ts'
import type { BotRecord } from '../models/bot.ts'
import { encode } from '../models/callback-data.ts'
import type { DeliveryRecord } from '../models/delivery.ts'
import { HeldDeliveries } from '../models/held-deliveries.ts'
import { type Content, Notification } from '../models/notification.ts'
import { Person } from '../models/person.ts'
import { newId, storeTime } from '../models/store-clock.ts'
import { chooseText } from './compose.ts'
import { notify } from './notify.ts'

type Id = Types.ObjectId

/** Whether it may be said together with others: a text alone, which may come twice. */
export function isMergeable({ once }: Pick<DeliveryRecord, 'once'>, content: Content): boolean {
  const { text, photo, document, buttons, then } = content
  return !once && text !== undefined && !photo && !document && !buttons?.length && !then
}

/**
 * Gives deliveries of one person to a notification that says them together: its id, which is written by
 * `sayTogether`.
 */
export async function gather(deliveries: readonly DeliveryRecord[]): Promise<Id> {
  const id = newId()
  await HeldDeliveries.claim(
    deliveries.map(({ _id }) => _id),
    id,
  )
  return id
}

/**
 * Writes the notification to which deliveries were given. All that it says is read from the store, so that anybody
 * may do it again after a crash.
 */
export async function sayTogether(bot: BotRecord, id: Id): Promise<void> {
  const deliveries = await HeldDeliveries.claimedBy(id, bot._id)
  const [first] = deliveries
  const person = first?.personId == null ? null : await Person.of(bot._id, first.personId)
  if (!first || !person) return
  const expiries = deliveries.map(({ expiresAt }) => expiresAt)
  await notify(bot, {
    content: await contentOf(bot, deliveries),
    persons: [person],
    madeBy: { system: true },
    // The earliest date: what does not go into it follows it.
    dueAt: first.dueAt,
    ...(expiries.every((date) => date != null) && { expiresAt: new Date(Math.max(...expiries.map(Number))) }),
    merges: { id, count: deliveries.length },
  })
}

/**
 * Says what was gathered before a crash and never said, and ends what was said. Younger ones may still be being
 * gathered.
 */
export async function finishMerges(bot: BotRecord, olderThanMs: number): Promise<void> {
  for (const id of await HeldDeliveries.carriers(bot._id)) {
    if (await Notification.exists({ _id: id })) await HeldDeliveries.settle(bot._id, id)
    else if (storeTime().getTime() - id.getTimestamp().getTime() > olderThanMs) await sayTogether(bot, id)
  }
}

/** Says at once what a person had asked for when a crash came in between. Answers how many messages that is. */
export async function sayBrokenOff(bot: BotRecord, personId: number): Promise<number> {
  let said = 0
  for (const id of await HeldDeliveries.carriersOf(bot._id, personId)) {
    if (await Notification.exists({ _id: id })) continue
    said += (await HeldDeliveries.claimedBy(id, bot._id)).length
    await sayTogether(bot, id)
  }
  return said
}

async function contentOf(bot: BotRecord, deliveries: DeliveryRecord[]): Promise<Content> {
  const count = deliveries.length
  const quiet = deliveries.every(({ held }) => held === 'quiet')
  const head = tAll(quiet ? 'merged.quiet' : 'merged.waited', { count })
  const said = await Notification.contents(deliveries.map(({ notification }) => notification))
  const contents = new Map(said.map(({ _id, content }) => [String(_id), content]))
  const texts = locales.map((locale) => {
    const lines = deliveries.map(({ notification }) => htmlOf(contents.get(String(notification)), bot, locale))
    return [locale, [head[locale], ...lines].join('\n\n')]
  })
  const earlier = quiet ? 0 : await HeldDeliveries.count(bot._id, deliveries[0]?.personId ?? 0)
  return {
    text: Object.fromEntries(texts),
    format: 'html',
    ...(earlier > 0 && { buttons: [[await showWaitingButton('merged.earlier', earlier)]] }),
  }
}

/** A button that gives a person what waits for them. */
export async function showWaitingButton(key: 'merged.earlier' | 'pauses.show', count: number) {
  const press = { menu: 'waiting', args: [] }
  return { text: tAll(key, { count }), data: await encode(press, limits.callbackDataBytes) }
}

function htmlOf(content: Content | undefined, bot: BotRecord, person: (typeof locales)[number]): string {
  if (content?.text === undefined) return ''
  const text = chooseText(content.text, { person, bot: localeOf(bot.locale) ?? locales[0] }).trim()
  return content.format === 'html' ? text : escapeHtml(text)
}
