import { parseHtml } from '../bot-api/html.ts'
import type { BotRecord } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { type Content, Notification } from '../models/notification.ts'

const looked = 200
const most = 20
const mostCharacters = 150

/**
 * The latest that was meant for a person and did not come, the earliest first: cancelled when the link ended, or past
 * its time.
 */
export async function missedMessages(bot: BotRecord, personId: number): Promise<{ text: string; at: Date }[]> {
  const deliveries = (await Delivery.ofPerson(bot._id, personId, looked))
    .filter(({ state }) => state === 'cancelled' || state === 'expired' || state === 'stopped')
    .slice(0, most)
  const contents = await Notification.contents(deliveries.map(({ notification }) => notification))
  const byId = new Map(contents.map(({ _id, state, content }) => [String(_id), { state, content }]))
  return deliveries.reverse().flatMap(({ notification, dueAt: at, locale }) => {
    const found = byId.get(String(notification))
    // What its sender called off is no news.
    if (!found || found.state === 'cancelled') return []
    const text = beginningOf(found.content, locale)
    return text ? [{ text, at }] : []
  })
}

function beginningOf({ text, format }: Content, locale: string): string {
  const own = typeof text === 'object' ? (text as Record<string, string>)[locale] : text
  const plain = format === 'html' ? parseHtml(own ?? '').text : (own ?? '')
  return plain.length > mostCharacters ? `${plain.slice(0, mostCharacters).toWellFormed()}…` : plain
}
