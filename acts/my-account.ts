import { tAll } from '../config/i18n.ts'
import type { Logger } from '../config/logger.ts'
import { UserError } from '../config/user-error.ts'
import type { Account } from '../directory/account.ts'
import type { AccountData } from '../directory/account-data.ts'
import type { Rejection } from '../directory/rejection.ts'
import type { BotRecord } from '../models/bot.ts'
import { Errand } from '../models/errand.ts'
import { Link } from '../models/link.ts'
import { Person, type PersonRecord, phonePrint, roleOf } from '../models/person.ts'
import { directoryOf } from './bot-directory.ts'
import { accountOf } from './find-account.ts'
import { knownOfTold, type Told } from './known-fields.ts'
import { giveUpLink, part } from './part.ts'
import { toFirstPage } from './tell-once.ts'

/** A person's link: the user, whose account may be blocked, a link that is being held back, or none. */
export async function linkOf(
  bot: BotRecord,
  personId: number,
): Promise<{ state: 'linked' | 'blocked' | 'held'; userId: string } | null> {
  const [person, held] = await Promise.all([Person.of(bot._id, personId), Errand.connecting(bot._id, personId)])
  if (held) return { state: 'held', userId: held.userId }
  if (!person?.userId) return null
  return { state: person.blocked ? 'blocked' : 'linked', userId: person.userId }
}

/** What the bot keeps of who is linked, and the account as the directory tells it just now, if it does. */
export async function myAccount(
  bot: BotRecord,
  log: Logger,
  personId: number,
): Promise<{ person: PersonRecord; account: Account | undefined }> {
  const person = await linkedSelf(bot, personId)
  return { person, account: await accountOf(bot, log, person.userId ?? '') }
}

/** What became of a change: `rejected` in the directory's own words, `not offered` where it takes none. */
export type ChangeOutcome = 'done' | 'not found' | 'not offered' | { rejected: Rejection }

/**
 * Has the directory change what the person says of the own account; a phone must have been proven. What the
 * directory then tells of it is no
 * news. @throws DirectoryFailure
 */
export async function changeMyAccount(
  bot: BotRecord,
  log: Logger,
  personId: number,
  { data, key }: { data: AccountData; key: string },
): Promise<ChangeOutcome> {
  const person = await linkedSelf(bot, personId)
  const directory = await directoryOf(bot, log)
  const known = knownOfTold(bot, data as Told)
  const before = Object.fromEntries(Object.keys(known).map((field) => [field, person.known?.[field] ?? null]))
  // First: the directory may tell of the change before it answers.
  await Link.note(person, { known })
  const outcome = (await directory?.change(person.userId ?? '', data, key)) ?? 'not offered'
  if (outcome !== 'done') await Link.note(person, { known: before })
  else if (data.phone) await Link.note(person, { phonePrint: phonePrint(bot._id, data.phone) })
  return outcome
}

/** Ends the own link, and lets the directory know. */
export async function unlinkMyself(bot: BotRecord, personId: number): Promise<void> {
  const person = await Person.of(bot._id, personId)
  await giveUpLink(bot, personId)
  if (!person?.userId) return
  const tell = { text: tAll('account.disconnected'), next: toFirstPage }
  await part(bot, person, { how: 'disconnected', tell, news: true, by: { personId } })
}

/** Who is linked and not blocked. @throws UserError when the person is not */
export async function linkedSelf(bot: BotRecord, personId: number): Promise<PersonRecord> {
  const person = await Person.of(bot._id, personId)
  if (!person || roleOf(person) === null)
    throw new UserError(person?.blocked ? 'account.isBlocked' : 'account.notLinked')
  return person
}

/** The person has read that the account is gone. */
export async function heardOfTheEnd(bot: BotRecord, personId: number): Promise<void> {
  await Link.heardOfTheEnd(bot._id, personId)
}
