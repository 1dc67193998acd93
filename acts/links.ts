import { mongo } from 'mongoose'
import { tAll } from '../config/i18n.ts'
import type { Logger } from '../config/logger.ts'
import { UserError } from '../config/user-error.ts'
import { tellPersons } from '../delivery/notify.ts'
import { Audit } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import { Key, type KeyRecord } from '../models/key.ts'
import { type AccountNote, Link } from '../models/link.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { storeTime } from '../models/store-clock.ts'
import { acceptLink } from './accept-link.ts'
import { actorOf, authorise, type Doer } from './authorise.ts'
import { blockInWords } from './join.ts'
import { digitsOf, keySettingsOf } from './keys.ts'
import { part } from './part.ts'
import { someNames } from './some-names.ts'

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

/**
 * Who else is linked to this user of the directory: one of them, the names of all, and whether another may be added;
 * null for nobody.
 */
export async function holdersOfUser(
  doer: Doer,
  botId: string,
  { userId, but }: { userId: string; but: number },
): Promise<{ personId: number; name: string; mayAdd: boolean } | null> {
  const bot = await authorise(doer, botId, 'admin')
  const holders = await holdersBut(bot, but, userId)
  return holders[0]
    ? { personId: holders[0].personId, name: someNames(holders), mayAdd: keySettingsOf(bot).shareUsers }
    : null
}

/**
 * Links the person who was given this key to a user of the directory, and tells them. What is linked so already is
 * left as it is; what
 * broke off is completed by a repeat, which may tell twice. Of a user who has another person `moving` takes it from
 * them, who are told
 * as well, and `adding` lets both have it.
 * @throws UserError when the key is unknown, used or past its time, when the user has another person and nothing is
 * said of it, or when
 * this bot's users have one person each and another is to be added; then nothing was done
 */
export async function bindKey(
  doer: Doer,
  botId: string,
  { key: typed, userId, by = 'binding' }: { key: string; userId: string; by?: BindingWay },
  log: Logger,
): Promise<PersonRecord> {
  const bot = await authorise(doer, botId, 'admin')
  if (by === 'adding' && !keySettingsOf(bot).shareUsers) throw new UserError('error.usersNotShared')
  const key = await usableKey(bot, typed)
  if (key.settledAt && key.userId !== userId) throw new UserError('error.keyUsed')
  if (!key.settledAt) {
    const linked = await link(bot, key, { userId, by, doer, log })
    await Audit.record(bot.server, bot._id, actorOf(doer), 'link.bind', { personId: key.personId, userId })
    if (linked !== 'held') {
      const text = linked.blocked ? blockInWords(linked.blocked) : tAll('link.connected', { userId })
      await tellPersons(bot, [key.personId], { text, format: 'html' }, actorOf(doer))
    }
    await Key.settle(key, userId)
  }
  return Person.of(bot._id, key.personId).orFail()
}

/** Ends a person's link and key, cancels what waits for them, and tells them. Who has no link is left alone. */
export async function unbind(doer: Doer, botId: string, personId: number): Promise<void> {
  const bot = await authorise(doer, botId, 'admin')
  const person = await Person.of(bot._id, personId)
  if (!person?.userId) return
  const tell = { text: tAll('link.disconnected') }
  await part(bot, person, { how: 'disconnected', tell, news: true, by: actorOf(doer) })
}

/** What to do with a user who has another person: refuse, take the user from them, or let both have it. */
export type BindingWay = 'binding' | 'moving' | 'adding'
type Wish = { userId: string; by: BindingWay; doer: Doer; log: Logger }

/**
 * Binds the key, which no other call can do then, and links its person, unless the directory has still to accept it.
 * A refusal gives the key back.
 */
async function link(bot: BotRecord, key: KeyRecord, { userId, by, doer, log }: Wish): Promise<AccountNote | 'held'> {
  try {
    const holders = await holdersBut(bot, key.personId, userId)
    if (holders.length > 0 && by === 'binding') throw userHas(userId, holders)
    if (!(await Key.bind(key._id, userId))) throw new UserError('error.keyUsed')
    const wish = { personId: key.personId, userId, key: `key:${key._id}`, share: by === 'adding' }
    const note = await acceptLink(bot, log, wish)
    if (note === 'held') return note
    await partFromAnother(bot, key, { userId, doer })
    if (by === 'moving') for (const holder of holders) await moveFrom(bot, holder, doer)
    if (by === 'adding') await Link.share(bot._id, key.personId, userId, note)
    else await Link.make(bot._id, key.personId, userId, note)
    return note
  } catch (error) {
    const taken = error instanceof mongo.MongoServerError && error.code === 11000
    if (!taken && !(error instanceof UserError)) throw error
    await Key.free(key._id, userId)
    throw taken ? userHas(userId, await holdersBut(bot, key.personId, userId)) : error
  }
}

/** Whoever is connected anew by the key is not the user from before any more. */
async function partFromAnother(
  bot: BotRecord,
  { personId }: KeyRecord,
  { userId, doer }: Pick<Wish, 'userId' | 'doer'>,
) {
  const person = await Person.of(bot._id, personId)
  if (!person?.userId || person.userId === userId) return
  await part(bot, person, { how: 'disconnected', news: true, keepsKey: true, by: actorOf(doer) })
}

function moveFrom(bot: BotRecord, holder: PersonRecord, doer: Doer): Promise<void> {
  const text = tAll('link.moved', { userId: holder.userId })
  return part(bot, holder, { how: 'disconnected', tell: { text }, by: actorOf(doer) })
}

async function holdersBut(bot: BotRecord, personId: number, userId: string): Promise<PersonRecord[]> {
  return (await Person.ofUsers(bot._id, [userId])).filter((holder) => holder.personId !== personId)
}

function userHas(userId: string, holders: PersonRecord[]): UserError {
  return new UserError('error.userHasPerson', { userId, name: someNames(holders) })
}

/**
 * The key of these digits, if it can be bound, or is bound. Who wanted a user that it is not bound to learns it by
 * `Key.bind`.
 */
async function usableKey(bot: BotRecord, typed: string): Promise<KeyRecord> {
  const key = await Key.byDigits(bot._id, digitsOf(typed))
  if (!key) throw new UserError('error.keyUnknown')
  if (key.boundAt && key.retiredAt) throw new UserError('error.keyUsed')
  if (key.retiredAt || (!key.boundAt && key.expiresAt <= storeTime())) throw new UserError('error.keyExpired')
  return key
}
