import { tAll } from '../config/i18n.ts'
import type { Logger } from '../config/logger.ts'
import { UserError } from '../config/user-error.ts'
import { type ActName, type Actor, Audit } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { Errand } from '../models/errand.ts'
import { Link } from '../models/link.ts'
import { type Block, Person, type PersonRecord } from '../models/person.ts'
import { Reminder } from '../models/reminder.ts'
import { storeTime } from '../models/store-clock.ts'
import { isGone } from './find-account.ts'
import { blockInWords } from './join.ts'
import { linkAccepted } from './link-account.ts'
import { nameOfChange, part } from './part.ts'
import { tellOnce, toFirstPage } from './tell-once.ts'

/** News of a user's account, as the customer's system tells it: an effect that holds already is said to nobody. */
export type News = { bot: BotRecord; userId: string; by: Actor; details?: object }

/**
 * The user connects the bot again: whoever was linked last is linked once more, and greeted.
 * @throws UserError when the bot never knew the user
 */
export async function connectUser({ bot, userId, by }: News, log: Logger): Promise<void> {
  const [linked, former] = await Promise.all([Person.ofUsers(bot._id, [userId]), Link.formerOf(bot._id, [userId])])
  // A link that is just being made greets by itself.
  if (linked.length > 0 || (await Errand.connectingTo(bot._id, userId)).length > 0) return
  const [person] = former
    .filter((one) => !one.userId)
    .sort((one, other) => Number(other.changedAt) - Number(one.changedAt))
  if (!person || (await isGone(bot, log, userId))) throw new UserError('api.userNotFound')
  await Audit.record(bot.server, bot._id, by, 'account.connect', { userId })
  const joining = { again: true, ...(person.role && { role: person.role }) }
  await linkAccepted(bot, log, { personId: person.personId, userId, key: `again:${nameOfChange(person)}`, joining })
}

/** The user disconnected the bot: told, and how to come back. */
export async function disconnectUser(news: News): Promise<void> {
  const { bot, by } = news
  const persons = await linkedTo(news, 'account.disconnect')
  await endHeld(news)
  for (const person of persons)
    await part(bot, person, {
      how: 'disconnected',
      tell: { text: tAll('account.disconnected'), next: toFirstPage },
      by,
    })
}

/** The account is gone. The person hears it with the next message. */
export async function deleteUser(news: News): Promise<void> {
  const persons = await linkedTo(news, 'account.delete')
  await endHeld(news)
  for (const person of persons) await part(news.bot, person, { how: 'deleted', by: news.by })
}

/** Links to the user that are being held back come to nothing. */
async function endHeld({ bot, userId }: News): Promise<void> {
  for (const errand of await Errand.connectingTo(bot._id, userId)) {
    await tellOnce(bot, errand, { text: tAll('link.gone'), next: toFirstPage }, `ended:${errand.key}`)
    await Errand.done(errand)
  }
}

/** The account is blocked: told why, if that was said, and what waits is cancelled. */
export async function blockUser(news: News, reason?: string): Promise<void> {
  for (const person of await linkedTo(news, 'account.block', ({ blocked }) => !blocked))
    await block(news.bot, person, reason)
  // Who has parted finds the account blocked on coming back.
  for (const person of await partedFrom(news)) if (!person.blocked) await Link.setBlock(person, blockNow(reason))
}

export async function block(bot: BotRecord, person: PersonRecord, reason?: string): Promise<void> {
  await Delivery.cancel(bot._id, person.personId)
  await Reminder.dropOf(bot._id, person.personId)
  const now = blockNow(reason)
  await tellOnce(bot, person, { text: blockInWords(now), next: toFirstPage }, `blocked:${nameOfChange(person)}`)
  await Link.setBlock(person, now)
}

function blockNow(reason: string | undefined): Block {
  return { at: storeTime(), ...(reason && { reason }) }
}

/** The account is free again. Told first, so that a repeat of what broke off finds it still to be freed. */
export async function unblockUser(news: News): Promise<void> {
  for (const person of await linkedTo(news, 'account.unblock', ({ blocked }) => Boolean(blocked)))
    await unblock(news.bot, person)
  for (const person of await partedFrom(news)) if (person.blocked) await Link.setBlock(person, null)
}

export async function unblock(bot: BotRecord, person: PersonRecord): Promise<void> {
  const tidings = { text: tAll('account.unblocked'), next: toFirstPage }
  await tellOnce(bot, person, tidings, `unblocked:${nameOfChange(person)}`)
  await Link.setBlock(person, null)
}

/** Whose link to the user has ended, and who have no other. */
async function partedFrom({ bot, userId }: News): Promise<PersonRecord[]> {
  return (await Link.formerOf(bot._id, [userId])).filter((person) => !person.userId)
}

/**
 * The user's persons whom the news concern, the news recorded if they concern anybody.
 * @throws UserError when the bot never knew the user
 */
export async function linkedTo(
  { bot, userId, by, details }: News,
  act: ActName,
  concerned: (person: PersonRecord) => boolean = () => true,
): Promise<PersonRecord[]> {
  const linked = await Person.ofUsers(bot._id, [userId])
  if (linked.length === 0 && !(await isKnown(bot, userId))) throw new UserError('api.userNotFound')
  const persons = linked.filter(concerned)
  if (persons.length > 0) await Audit.record(bot.server, bot._id, by, act, { userId, ...details })
  return persons
}

/** Whether somebody was linked to the user before, or is being linked just now. */
async function isKnown(bot: BotRecord, userId: string): Promise<boolean> {
  const [former, connecting] = await Promise.all([
    Link.formerOf(bot._id, [userId]),
    Errand.connectingTo(bot._id, userId),
  ])
  return former.length + connecting.length > 0
}
