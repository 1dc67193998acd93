import { mongo } from 'mongoose'
import { tAll } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import { tellPersons } from '../delivery/notify.ts'
import { Audit } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { Key, type KeyRecord } from '../models/key.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { actorOf, authorise, type Doer } from './authorise.ts'
import { digitsOf } from './keys.ts'

/**
 * Whom binding this key would connect, so that the admin sees it first.
 * @throws UserError when the key is unknown, used, or past its time
 */
export async function matchKey(doer: Doer, botId: string, typed: string): Promise<PersonRecord> {
  const bot = await authorise(doer, botId, 'admin')
  const key = await usableKey(bot, typed)
  return Person.of(bot._id, key.personId).orFail()
}

/** Who is linked to this user of the directory, if anybody. */
export async function personOfUser(doer: Doer, botId: string, userId: string): Promise<PersonRecord | null> {
  const bot = await authorise(doer, botId, 'admin')
  return Person.ofUser(bot._id, userId)
}

/**
 * Links the person who was given this key to a user of the directory, and tells them. What is linked so already is left as it is.
 * `move` takes the user from the person who had it, who is told as well.
 * @throws UserError when the key is unknown, used or past its time, or when the user has another person and `move` is not set
 */
export async function bindKey(
  doer: Doer,
  botId: string,
  { key: typed, userId, move = false }: { key: string; userId: string; move?: boolean },
): Promise<PersonRecord> {
  const bot = await authorise(doer, botId, 'admin')
  const key = await usableKey(bot, typed, userId)
  const holder = await Person.ofUser(bot._id, userId)
  if (holder?.personId === key.personId && key.boundAt) return holder
  if (holder && holder.personId !== key.personId) {
    if (!move) throw new UserError('error.userHasPerson', { userId, name: holder.name })
    await part(bot, holder)
    await tellPersons(bot, [holder.personId], { text: tAll('link.moved', { userId }), format: 'html' }, actorOf(doer))
  }
  if (!(await Key.bind(key._id, userId))) throw new UserError('error.keyUsed')
  await link(bot, key.personId, userId)
  await Audit.record(bot.server, bot._id, actorOf(doer), 'link.bind', { personId: key.personId, userId })
  await tellPersons(bot, [key.personId], { text: tAll('link.connected', { userId }), format: 'html' }, actorOf(doer))
  return Person.of(bot._id, key.personId).orFail()
}

/** Ends a person's link and key, cancels what waits for them, and tells them. Who has no link is left alone. */
export async function unbind(doer: Doer, botId: string, personId: number): Promise<void> {
  const bot = await authorise(doer, botId, 'admin')
  const person = await Person.of(bot._id, personId)
  if (!person?.userId) return
  await part(bot, person)
  await Audit.record(bot.server, bot._id, actorOf(doer), 'link.unbind', { personId, userId: person.userId })
  await tellPersons(bot, [personId], { text: tAll('link.disconnected'), format: 'html' }, actorOf(doer))
}

async function part(bot: BotRecord, { personId }: PersonRecord): Promise<void> {
  await Delivery.cancel(bot._id, personId)
  await Key.retire(bot._id, personId)
  await Person.unlink(bot._id, personId)
}

async function link(bot: BotRecord, personId: number, userId: string): Promise<void> {
  try {
    await Person.link(bot._id, personId, userId)
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError) || error.code !== 11000) throw error
    const holder = await Person.ofUser(bot._id, userId)
    throw new UserError('error.userHasPerson', { userId, name: holder?.name ?? '' })
  }
}

/** The key of these digits, if it can be bound, or is bound to this very user. */
async function usableKey(bot: BotRecord, typed: string, userId?: string): Promise<KeyRecord> {
  const key = await Key.byDigits(bot._id, digitsOf(typed))
  if (!key) throw new UserError('error.keyUnknown')
  if (key.boundAt) {
    if (!key.retiredAt && key.userId === userId) return key
    throw new UserError('error.keyUsed')
  }
  if (key.retiredAt || key.expiresAt <= new Date()) throw new UserError('error.keyExpired')
  return key
}
