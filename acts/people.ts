import { tAll } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import { tellPersons } from '../delivery/notify.ts'
import { typedPhone } from '../directory/phone.ts'
import { Audit } from '../models/audit.ts'
import type { BotRecord } from '../models/bot.ts'
import { Key } from '../models/key.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'
import { digitsOf } from './keys.ts'
import { countryOf } from './linking-ways.ts'

const perPage = 8

/** Of a search; who looks for somebody turns no more pages, but types more of the name. */
const mostFound = 200

/** `more` is that a search fits still others. */
export type People = { people: PersonRecord[]; total: number; more: boolean; page: number; pages: number }

/**
 * One page (from 0) of a bot's people: all, or those whom a search means. A key, a user's id and a proven phone,
 * typed in any way, mean one
 * person or those who share the user; anything else is looked for in names and usernames.
 */
export async function listPeople(admin: Admin, botId: string, page: number, search?: string): Promise<People> {
  const bot = await authorise(admin, botId, 'admin')
  if (search) return pageOf(await sought(bot, search), page)
  const { people, total } = await Person.page(bot._id, { skip: page * perPage, limit: perPage })
  return { people, total, more: false, page, pages: pagesOf(total) }
}

async function sought(bot: BotRecord, search: string): Promise<PersonRecord[]> {
  const owner = await ownerOfKey(bot._id, search)
  if (owner) return [owner]
  const phone = typedPhone(search, countryOf(bot))
  const exact = await Person.exactly(bot._id, { userId: search, phone })
  // Nobody is called like a phone number: it is not looked for in ten thousand names.
  return exact.length > 0 || phone ? exact : Person.called(bot._id, search, mostFound + 1)
}

function pageOf(found: PersonRecord[], page: number): People {
  const people = found.slice(0, mostFound)
  const more = found.length > mostFound
  const shown = people.slice(page * perPage, (page + 1) * perPage)
  return { people: shown, total: people.length, more, page, pages: pagesOf(people.length) }
}

function pagesOf(total: number): number {
  return Math.max(1, Math.ceil(total / perPage))
}

/** @throws UserError when this bot has no such person (any more) */
export async function personOf(admin: Admin, botId: string, personId: number): Promise<PersonRecord> {
  const bot = await authorise(admin, botId, 'admin')
  const person = await Person.of(bot._id, personId)
  if (!person) throw new UserError('error.personGone')
  return person
}

/**
 * Sends a person a few words by the bot, the way every notification goes.
 * @throws UserError when they have stopped the bot
 */
export async function sendTest(admin: Admin, botId: string, personId: number): Promise<void> {
  const bot = await authorise(admin, botId, 'admin')
  const content = { text: tAll('people.test'), format: 'html' as const }
  const { queued } = await tellPersons(bot, [personId], content, actorOf(admin))
  if (queued === 0) throw new UserError('error.personStopped')
  await Audit.record(bot.server, bot._id, actorOf(admin), 'people.test', { personId })
}

async function ownerOfKey(bot: PersonRecord['bot'], search: string): Promise<PersonRecord | null> {
  const digits = digitsOf(search)
  const key = /^\d{8}$/.test(digits) ? await Key.byDigits(bot, digits) : null
  return key && Person.of(bot, key.personId)
}
