import { mongo } from 'mongoose'
import { limits } from '../bot-api/limits.ts'
import { tAll } from '../config/i18n.ts'
import { Audit } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import { encode } from '../models/callback-data.ts'
import type { Joining } from '../models/errand.ts'
import { type AccountNote, Link } from '../models/link.ts'
import { type Block, Person, type PersonRecord } from '../models/person.ts'
import { StartLink } from '../models/start-link.ts'
import { storeTime } from '../models/store-clock.ts'
import { keySettingsOf } from './keys.ts'
import { part } from './part.ts'
import { tellOnce, toFirstPage, toReturned } from './tell-once.ts'

/** Who is to be linked to whom. `key` names the wish. */
export type Join = { personId: number; userId: string; key: string; joining: Joining }

/** How often somebody else may be faster at taking the same user. */
const mostRaces = 10

/**
 * Links a person to a user and greets them. Where a user has one person alone, that is the one who proved it last:
 * whoever had it is told.
 * Safe to repeat, and then greets nobody twice.
 */
export async function join(bot: BotRecord, wish: Join): Promise<void> {
  const { personId, userId } = wish
  const person = await Person.of(bot._id, personId)
  // Forgotten meanwhile.
  if (!person) return
  if (person.userId && person.userId !== userId)
    await part(bot, person, { how: 'disconnected', news: true, keepsKey: true, by: { personId } })
  const { blocked } = await link(bot, wish)
  await Audit.record(bot.server, bot._id, { personId }, 'link.join', { personId, userId })
  await StartLink.close(bot._id, userId, personId)
  await greet(bot, person, wish, blocked)
}

async function link(bot: BotRecord, { personId, userId, joining }: Join): Promise<AccountNote> {
  const note = await noteOf(bot, userId, joining)
  await take(bot, { personId, userId, joining }, note)
  return note
}

async function take(
  bot: BotRecord,
  { personId, userId, joining }: Omit<Join, 'key'>,
  note: AccountNote,
): Promise<void> {
  if (joining.share && keySettingsOf(bot).shareUsers) return Link.share(bot._id, personId, userId, note)
  for (let races = 0; ; races++) {
    for (const holder of await Person.ofUsers(bot._id, [userId]))
      if (holder.personId !== personId) await moveFrom(bot, holder)
    try {
      return await Link.make(bot._id, personId, userId, note)
    } catch (error) {
      const taken = error instanceof mongo.MongoServerError && error.code === 11000
      if (!taken || races >= mostRaces) throw error
    }
  }
}

/** Somebody else has proved to be this user. */
function moveFrom(bot: BotRecord, holder: PersonRecord): Promise<void> {
  const text = tAll('link.movedByProof', { userId: holder.userId })
  return part(bot, holder, { how: 'disconnected', tell: { text, next: toFirstPage }, by: { system: true } })
}

async function greet(
  bot: BotRecord,
  person: PersonRecord,
  { userId, key, joining }: Join,
  blocked: AccountNote['blocked'],
): Promise<void> {
  const wish = `joined:${key}`
  if (blocked) return tellOnce(bot, person, { text: blockInWords(blocked), next: toFirstPage }, wish)
  if (!joining.again) return tellOnce(bot, person, { text: tAll('link.done', { userId }), next: toFirstPage }, wish)
  const data = await encode({ menu: 'meanwhile', args: [] }, limits.callbackDataBytes)
  const buttons = [[{ text: tAll('account.meanwhileButton'), data }]]
  await tellOnce(bot, person, { text: tAll('account.connectedAgain', { userId }), buttons, next: toReturned }, wish)
}

/** What the person hears of a block. */
export function blockInWords({ reason }: Block) {
  return reason ? tAll('account.blockedWhy', { reason }) : tAll('account.blocked')
}

/** A block of the system's holds whatever the directory says of the account: it is for the system to lift. */
export async function noteOf(
  bot: BotRecord,
  userId: string,
  { role, inactive, phonePrint, known }: Joining,
): Promise<AccountNote> {
  const blocked = (await Link.blockOf(bot._id, userId)) ?? (inactive ? { at: storeTime() } : undefined)
  return {
    ...(role && { role }),
    ...(blocked && { blocked }),
    ...(phonePrint && { phonePrint }),
    ...(known && { known }),
  }
}
