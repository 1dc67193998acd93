import type { Types } from 'mongoose'
import { localeOf } from '../config/locales.ts'
import type { Actor } from '../models/audit.ts'
import { batched } from '../models/batched.ts'
import type { BotRecord } from '../models/bot.ts'
import { changes } from '../models/changes.ts'
import type { ChatRecord } from '../models/chat.ts'
import { Delivery, type DeliveryRecord } from '../models/delivery.ts'
import { type Content, Notification, type NotificationRecord } from '../models/notification.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { newId, storeTime } from '../models/store-clock.ts'
import { deliveryOf } from './delivery-of.ts'
import { notReachedUser } from './not-reached.ts'
import { chatsNamed, type Recipient, recipientOf } from './recipient.ts'
import { inChunks, personsById } from './recipients.ts'
import { shared, writeNotification, writeTogether } from './shared-writes.ts'

type Id = Types.ObjectId

/**
 * What became of a notification: how many get it, how many have stopped the bot (or are chats that it is out of) and
 * so do not.
 */
export type Receipt = { notificationId: string; queued: number; stopped: number }

/** What to say, to whom, on whose behalf. */
export type Order = {
  content: Content
  persons: PersonRecord[]
  /** Groups and channels. */
  chats?: Recipient[]
  madeBy: Actor
  /** The users that were asked for, for the record. */
  userIds?: string[]
  /** At most once: what may have arrived is not sent again. */
  once?: boolean
  /** The caller's own name for it. */
  reference?: string | undefined
  dueAt?: Date
  expiresAt?: Date
  /** It passes a pause, quiet hours and a wish for silence. */
  critical?: boolean
  /** The bot's own word about the account itself: it also reaches who is blocked or no longer linked. */
  own?: boolean
  /** Said once, however often it is wished for. */
  wish?: string
  /** It says so many deliveries together, which know it by this id; once written it is not written again. */
  merges?: { id: Id; count: number }
  call?: RememberedCall<Receipt>
}

/** The Idempotency-Key of a call, and the answer to remember for a repeat of it. */
export type RememberedCall<Receipt> = {
  apiKey: Id
  idempotencyKey: string
  bodyPrint: string
  answer: (receipt: Receipt) => object
}

/**
 * Writes a notification and a delivery for each person and chat, and wakes the bot's dispatcher. When this resolves,
 * a crash loses none of it.
 * @returns `taken` when the call's Idempotency-Key, the wish or the id was used before; then nothing was written
 */
export async function notify(bot: BotRecord, order: Order): Promise<Receipt | 'taken'> {
  const notification = notificationOf(bot, order)
  const deliveries = [...order.persons, ...(order.chats ?? [])].map((one) => deliveryOf(notification, one))
  const stopped = deliveries.filter(({ state }) => state === 'stopped').length
  const receipt = { notificationId: String(notification._id), queued: deliveries.length - stopped, stopped }
  if (order.call || order.wish !== undefined || order.merges || deliveries.length > shared) {
    if ((await writeInSteps(notification, deliveries, rememberedOf(order.call, receipt))) === 'taken') return 'taken'
  } else await writeAtOnce(notification, deliveries)
  changes.emit('deliveries', String(bot._id))
  return receipt
}

/**
 * One write for all: until it is answered nobody was promised anything, so a crash leaves nothing to resume. The
 * dispatcher passes over
 * deliveries whose notification is not there yet.
 */
async function writeAtOnce(notification: NotificationRecord, deliveries: DeliveryRecord[]): Promise<void> {
  await Promise.all([writeNotification({ ...notification, state: 'queued' }), writeTogether(deliveries)])
}

/**
 * `expanding`, the deliveries, `queued`: what takes many writes, or must be found by a repeat of its call, is resumed
 * after a crash.
 */
async function writeInSteps(
  notification: NotificationRecord,
  deliveries: DeliveryRecord[],
  remembered: object,
): Promise<'written' | 'taken'> {
  if (await writeNotification({ ...notification, ...remembered })) return 'taken'
  await inChunks(deliveries, writeTogether)
  await markQueued(notification._id)
  return 'written'
}

/** The fields by which a repeat of the call is known and answered. */
export function rememberedOf<Receipt>(call: RememberedCall<Receipt> | undefined, receipt: Receipt): object {
  if (!call) return {}
  const { apiKey, idempotencyKey, bodyPrint, answer } = call
  return { apiKey, idempotencyKey, bodyPrint, answer: Notification.sealAnswer(answer(receipt)) }
}

/** Tells everybody who is linked to a user something. @throws UserError when nobody is, or the account is blocked */
export async function notifyUser(bot: BotRecord, userId: string, content: Content) {
  const persons = (await Person.ofUsers(bot._id, [userId])).filter(({ blocked }) => !blocked)
  if (persons.length === 0) throw await notReachedUser(bot._id, userId)
  return told(await notify(bot, { content, persons, userIds: [userId], madeBy: { system: true } }))
}

/**
 * Tells given persons of a bot something of our own: texts for each locale, also with buttons that carry callback
 * data.
 */
export async function tellPersons(bot: BotRecord, personIds: number[], content: Content, madeBy: Actor) {
  return told(await notify(bot, { content, persons: await personsById(bot._id, personIds), own: true, madeBy }))
}

/** The same, once for a wish: a repeat of it, after a crash, tells nothing more. */
export async function tellPersonsOnce(bot: BotRecord, personIds: number[], content: Content, wish: string) {
  const persons = await personsById(bot._id, personIds)
  await notify(bot, { content, persons, own: true, wish, madeBy: { system: true } })
}

/** Tells a group or channel something of our own. */
export async function tellChat(bot: BotRecord, chat: ChatRecord, content: Content, madeBy: Actor) {
  const recipient = recipientOf(chat, localeOf(bot.locale) ?? 'en')
  return told(await notify(bot, { content, persons: [], chats: [recipient], madeBy }))
}

/**
 * Writes the deliveries that a crash or a failure of the store kept from being written: at a bot's start, then of
 * what is older than that.
 */
export async function resumeExpanding(bot: Pick<BotRecord, '_id'>, olderThanMs = 0): Promise<void> {
  const madeBefore = new Date(storeTime().getTime() - olderThanMs + 1)
  for (;;) {
    const notification = await Notification.nextExpanding(bot._id, madeBefore)
    if (!notification) return
    await finishExpanding(notification)
  }
}

/** Writes what is missing of a notification's deliveries; safe to repeat, also while its own call still writes them. */
export async function finishExpanding(notification: NotificationRecord): Promise<void> {
  await inChunks(notification.audience.persons, async (personIds) => {
    const persons = await Person.among(notification.bot, personIds)
    await Delivery.insertNew(persons.map((person) => deliveryOf(notification, person)))
    return []
  })
  const { chats } = await chatsNamed(notification.bot, notification.audience.chats ?? [])
  await writeTogether(chats.map((chat) => deliveryOf(notification, chat)))
  changes.emit('deliveries', String(notification.bot))
  await markQueued(notification._id)
}

const markQueued = batched(async (ids: Id[]) => {
  await Notification.markQueued(ids)
  return ids
})

function notificationOf(bot: BotRecord, order: Order): NotificationRecord {
  const { content, persons, chats = [], madeBy, userIds = [], once = false, reference, expiresAt, dueAt } = order
  const { critical, own, wish, merges } = order
  const names = chats.flatMap(({ chatName }) => chatName ?? [])
  const madeAt = storeTime()
  return {
    _id: merges?.id ?? newId(),
    bot: bot._id,
    madeAt,
    madeBy,
    state: 'expanding',
    dueAt: dueAt ?? madeAt,
    content,
    once,
    audience: { userIds, persons: persons.map(({ personId }) => personId), ...(names.length > 0 && { chats: names }) },
    ...(expiresAt && { expiresAt }),
    ...(reference !== undefined && { reference }),
    ...(critical && { critical }),
    ...(own && { own }),
    ...(wish !== undefined && { wish }),
    ...(merges && { merges: merges.count }),
  }
}

function told(receipt: Receipt | 'taken'): Receipt {
  if (receipt === 'taken') throw new Error('A notification without an Idempotency-Key was refused as a repeat')
  return receipt
}
