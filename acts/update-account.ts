import { hasText, type TextKey, t, tAll } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import type { Logger } from '../config/logger.ts'
import type { BotRecord } from '../models/bot.ts'
import { Link } from '../models/link.ts'
import { type PersonRecord, plainRole } from '../models/person.ts'
import { block, linkedTo, type News, unblock } from './account-news.ts'
import { directoryOf } from './bot-directory.ts'
import { changedFields, type Known, knownOfTold, type TellableField, type Told } from './known-fields.ts'
import { nameOfChange } from './part.ts'
import { tellOnce, toFirstPage } from './tell-once.ts'

/** What changed of an account, and where: `eventId` is the system's own name for the place of the change. */
export type AccountUpdate = { role: string; active?: boolean | undefined; told: Told; eventId?: string | undefined }

/**
 * The account's data changed: each person is told what, in the words of the place of the change, unless nothing did,
 * as far as we knew.
 * @throws UserError when the bot never knew the user
 */
export async function updateUser(news: News, update: AccountUpdate, log: Logger): Promise<void> {
  const { bot, userId } = news
  const persons = await linkedTo(news, 'account.update')
  const directory = await directoryOf(bot, log)
  directory?.forget(userId)
  const known = knownOfTold(bot, update.told)
  for (const person of persons) await updatePerson(bot, person, { ...update, known })
}

async function updatePerson(
  bot: BotRecord,
  person: PersonRecord,
  update: AccountUpdate & { known: Known },
): Promise<void> {
  const { role, active, known, eventId } = update
  const changed = changedFields(person.known, known)
  const newRole = (person.role ?? plainRole) !== role
  if (active === false && !person.blocked) await block(bot, person)
  else if (active && person.blocked) await unblock(bot, person)
  else if (!person.blocked && (changed.length > 0 || newRole))
    await tellChange(bot, person, { changed, newRole, eventId, print: [role, ...Object.values(known)].join() })
  const isNews = Object.entries(known).some(([field, print]) => person.known?.[field] !== print)
  if (isNews || newRole) await Link.note(person, { role, known })
}

type Change = { changed: TellableField[]; newRole: boolean; eventId: string | undefined; print: string }

async function tellChange(bot: BotRecord, person: PersonRecord, change: Change): Promise<void> {
  const { changed, newRole, eventId, print } = change
  const key = textOf(bot, eventId)
  const texts = tAll(key, (locale) => ({ fields: inWords(locale, changed, newRole) }))
  // An empty text is how the words of a place say nothing.
  if (Object.values(texts).every((text) => text.trim() === '')) return
  const content = { text: texts, ...(newRole && { next: toFirstPage }) }
  await tellOnce(bot, person, content, `changed:${nameOfChange(person)}:${print}`)
}

/** The words for a place of change: the kind's, ours, or those for any place. */
function textOf({ kind }: BotRecord, eventId: string | undefined): TextKey {
  const keys = eventId ? [`${kind}.account.changedAt.${eventId}`, `account.changedAt.${eventId}`] : []
  return keys.find(hasText) ?? 'account.changed'
}

function inWords(locale: Locale, fields: TellableField[], newRole: boolean): string {
  const names = [...fields, ...(newRole ? ['role' as const] : [])].map((field) => t(locale, `account.field.${field}`))
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names)
}
