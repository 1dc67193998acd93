import { z } from 'zod'
import { objectionToZone, serverZone, zoneNamed } from '../config/time-zone.ts'
import { UserError } from '../config/user-error.ts'
import { checkContent } from '../delivery/check-content.ts'
import { fireExtra } from '../delivery/fire.ts'
import { schedule } from '../delivery/schedule.ts'
import { latestOccurrences, type OccurrenceStatus } from '../delivery/status.ts'
import { Audit } from '../models/audit.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { Notification, type NotificationRecord, type Plan, type ScheduledNotification } from '../models/notification.ts'
import { Person } from '../models/person.ts'
import { storeTime } from '../models/store-clock.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'
import { nameOfActor } from './names.ts'

const perPage = 8
const occurrencesShown = 5
type Audience = NotificationRecord['audience']

/** What an admin may set about schedules, per bot. */
const scheduleSettings = z.object({ timezone: z.string().optional() })

/** One page (from 0) of what a bot is to say, the next first, and by whose clocks its admins count. */
export async function schedulesOf(admin: Admin, botId: string, page: number) {
  const bot = await authorise(admin, botId, 'admin')
  const { schedules, total } = await Notification.scheduledPage(bot._id, { skip: page * perPage, limit: perPage })
  return { schedules, total, page, pages: Math.max(1, Math.ceil(total / perPage)), zone: zoneOf(bot) }
}

export type ScheduleView = {
  notification: ScheduledNotification
  zone: string
  whom: Whom
  /** Null is Rookery itself. */
  maker: string | null
  occurrences: OccurrenceStatus[]
}
/** One person by name, or how many. */
export type Whom = { everybody: number } | { name: string } | { people: number }

/** A schedule with its latest occurrences. @throws UserError when it is over, or never was */
export async function scheduleOf(admin: Admin, botId: string, id: string): Promise<ScheduleView> {
  const { bot, notification } = await find(admin, botId, id)
  const [whom, maker, occurrences] = await Promise.all([
    whomOf(bot, notification.audience),
    nameOfActor(bot.server, notification.madeBy),
    latestOccurrences(notification._id, occurrencesShown),
  ])
  return { notification, zone: zoneOf(bot), whom, maker, occurrences }
}

/** Whom an audience means just now. */
export async function reach(admin: Admin, botId: string, audience: Audience): Promise<Whom> {
  return whomOf(await authorise(admin, botId, 'admin'), audience)
}

/**
 * The person whom an admin means by a user's id, a name, a username or a key. @throws UserError when it is nobody, or
 * not clear who
 */
export function audienceOf(
  { people, total }: { people: { personId: number; userId?: string | null | undefined }[]; total: number },
  typed: string,
): Audience {
  // A user, who may be several people, is looked up anew each time; whoever was named otherwise is meant as a person.
  if (people.some(({ userId }) => userId === typed)) return { userIds: [typed], persons: [] }
  const [person] = people
  if (!person) throw new UserError('error.nobodyFound')
  if (total > 1) throw new UserError('error.severalFound', { count: total })
  return { userIds: [], persons: [person.personId] }
}

/** @throws UserError when the messenger would refuse the text */
export function checkText(text: string): void {
  const [objection] = checkContent({ text, format: 'plain' })
  if (objection) throw new UserError('error.textRefused', { why: objection.message })
}

/** Schedules a text. The same `wish` once more makes no second one. @throws UserError when its date has passed */
export async function makeSchedule(
  admin: Admin,
  botId: string,
  order: { text: string; audience: Audience; plan: Plan; wish: string },
): Promise<ScheduledNotification> {
  const bot = await authorise(admin, botId, 'admin')
  const { text, ...rest } = order
  const made = await schedule(bot, { ...rest, content: { text, format: 'plain' }, madeBy: actorOf(admin) })
  if (made === 'taken') throw new Error('A wish was refused as a repeat')
  await Audit.record(bot.server, bot._id, actorOf(admin), 'schedule.make', { notification: made._id })
  return made
}

/**
 * Says it at once beside its plan. The same press once more (`shownAt` is when its button was made, in ms) says it no
 * second time.
 */
export async function sayNow(admin: Admin, botId: string, { id, shownAt }: { id: string; shownAt: number }) {
  const { bot, notification } = await find(admin, botId, id)
  if (!(shownAt <= storeTime().getTime())) throw new UserError('error.staleButton')
  await fireExtra(notification, new Date(shownAt))
  await Audit.record(bot.server, bot._id, actorOf(admin), 'schedule.now', { notification: notification._id })
}

/** By whose clocks this bot's admins count; `chosen` unless it is only the server's. */
export async function timeZone(admin: Admin, botId: string): Promise<{ zone: string; chosen: boolean }> {
  const bot = await authorise(admin, botId, 'admin')
  return { zone: zoneOf(bot), chosen: settingsOf(bot).timezone !== undefined }
}

/** @throws UserError when there is no such zone */
export async function setTimeZone(admin: Admin, botId: string, typed: string): Promise<string> {
  const bot = await authorise(admin, botId, 'admin')
  const timezone = zoneNamed(typed)
  if (!timezone) throw new UserError('error.zoneUnknown')
  if (objectionToZone(timezone)) throw new UserError('error.zoneOdd')
  await Bot.changeSettings(bot._id, 'schedules', { timezone })
  await Audit.record(bot.server, bot._id, actorOf(admin), 'schedule.set-timezone', { timezone })
  return timezone
}

/** By whose clocks a bot counts. */
export function zoneOf(bot: BotRecord): string {
  return settingsOf(bot).timezone ?? serverZone()
}

function settingsOf(bot: BotRecord) {
  return scheduleSettings.parse(bot.settings?.schedules ?? {})
}

async function find(admin: Admin, botId: string, id: string) {
  const bot = await authorise(admin, botId, 'admin')
  const notification = await Notification.scheduled(bot._id, id)
  if (!notification) throw new UserError('error.scheduleGone')
  return { bot, notification }
}

async function whomOf({ _id: bot }: BotRecord, audience: Audience): Promise<Whom> {
  const { everybody, userIds, persons, chats } = audience
  if (everybody) return { everybody: await Person.countDocuments({ bot, stopped: null }) }
  const count = userIds.length + persons.length + (chats?.length ?? 0)
  const [userId] = userIds
  const [chat] = chats ?? []
  if (count !== 1) return { people: count }
  if (chat !== undefined) return { name: chat }
  const named = userId === undefined ? await Person.among(bot, persons) : await Person.ofUsers(bot, [userId])
  const names = named.map(({ name }) => name)
  return { name: [...names, ...(userId === undefined ? [] : [userId])].join(' · ') || '–' }
}
