import { mongo } from 'mongoose'
import { tAll } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import { tellPersons } from '../delivery/notify.ts'
import { Audit } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import { Delivery } from '../models/delivery.ts'
import { Key, type KeyRecord } from '../models/key.ts'
import type { LocalText } from '../models/notification.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { storeTime } from '../models/store-clock.ts'
import { actorOf, authorise, type Doer } from './authorise.ts'
import { digitsOf } from './keys.ts'

/**
 * Whom binding this key would connect, so that the admin sees it first.
 * @throws UserError when the key is unknown, used, or past its time
 */
export async function matchKey(doer: Doer, botId: string, typed: string): Promise<PersonRecord> {
  const bot = await authorise(doer, botId, 'admin')
  const key = await usableKey(bot, typed)
  if (key.settledAt) throw new UserError('error.keyUsed')
  return Person.of(bot._id, key.personId).orFail()
}

/** Who is linked to this user of the directory, if anybody. */
export async function personOfUser(doer: Doer, botId: string, userId: string): Promise<PersonRecord | null> {
  const bot = await authorise(doer, botId, 'admin')
  return Person.ofUser(bot._id, userId)
}

/**
 * Links the person who was given this key to a user of the directory, and tells them. What is linked so already is left as it is; what
 * broke off is completed by a repeat, which may tell twice. `move` takes the user from the person who had it, who is told as well.
 * @throws UserError when the key is unknown, used or past its time, or when the user has another person and `move` is not set; then
 * nothing was done
 */
export async function bindKey(
  doer: Doer,
  botId: string,
  { key: typed, userId, move = false }: { key: string; userId: string; move?: boolean },
): Promise<PersonRecord> {
  const bot = await authorise(doer, botId, 'admin')
  const key = await usableKey(bot, typed)
  if (key.settledAt && key.userId !== userId) throw new UserError('error.keyUsed')
  if (!key.settledAt) {
    await link(bot, key, { userId, move, doer })
    await Audit.record(bot.server, bot._id, actorOf(doer), 'link.bind', { personId: key.personId, userId })
    await tellPersons(bot, [key.personId], { text: tAll('link.connected', { userId }), format: 'html' }, actorOf(doer))
    await Key.settle(key, userId)
  }
  return Person.of(bot._id, key.personId).orFail()
}

/** Ends a person's link and key, cancels what waits for them, and tells them. Who has no link is left alone. */
export async function unbind(doer: Doer, botId: string, personId: number): Promise<void> {
  const bot = await authorise(doer, botId, 'admin')
  const person = await Person.of(bot._id, personId)
  if (!person?.userId) return
  await part(bot, { personId, userId: person.userId }, { text: tAll('link.disconnected'), doer })
}

type Wish = { userId: string; move: boolean; doer: Doer }

/** Binds the key, which no other call can do then, and links its person. A refusal gives the key back. */
async function link(bot: BotRecord, key: KeyRecord, { userId, move, doer }: Wish): Promise<void> {
  try {
    const holder = await holderBut(bot, key, userId)
    if (holder && !move) throw userHas(userId, holder)
    if (!(await Key.bind(key._id, userId))) throw new UserError('error.keyUsed')
    if (holder) await part(bot, { personId: holder.personId, userId }, { text: tAll('link.moved', { userId }), doer })
    await Person.link(bot._id, key.personId, userId)
  } catch (error) {
    const taken = error instanceof mongo.MongoServerError && error.code === 11000
    if (!taken && !(error instanceof UserError)) throw error
    await Key.free(key._id, userId)
    throw taken ? userHas(userId, await holderBut(bot, key, userId)) : error
  }
}

/** Ends a link. The link itself goes last: until then a repeat finds all of it to do again, the telling too. */
async function part(
  bot: BotRecord,
  { personId, userId }: { personId: number; userId: string },
  { text, doer }: { text: LocalText; doer: Doer },
): Promise<void> {
  await Delivery.cancel(bot._id, personId)
  await Key.retire(bot._id, personId)
  await Audit.record(bot.server, bot._id, actorOf(doer), 'link.unbind', { personId, userId })
  await tellPersons(bot, [personId], { text, format: 'html' }, actorOf(doer))
  await Person.unlink(bot._id, personId, userId)
}

async function holderBut(bot: BotRecord, { personId }: KeyRecord, userId: string): Promise<PersonRecord | null> {
  const holder = await Person.ofUser(bot._id, userId)
  return holder?.personId === personId ? null : holder
}

function userHas(userId: string, holder: PersonRecord | null): UserError {
  return new UserError('error.userHasPerson', { userId, name: holder?.name ?? '' })
}

/** The key of these digits, if it can be bound, or is bound. Who wanted a user that it is not bound to learns it by `Key.bind`. */
async function usableKey(bot: BotRecord, typed: string): Promise<KeyRecord> {
  const key = await Key.byDigits(bot._id, digitsOf(typed))
  if (!key) throw new UserError('error.keyUnknown')
  if (key.boundAt && key.retiredAt) throw new UserError('error.keyUsed')
  if (key.retiredAt || (!key.boundAt && key.expiresAt <= storeTime())) throw new UserError('error.keyExpired')
  return key
}
