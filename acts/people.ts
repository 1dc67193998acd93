import { tAll } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import { tellPersons } from '../delivery/notify.ts'
import { Audit } from '../models/audit.ts'
import { Key } from '../models/key.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { type Admin, actorOf, authorise } from './authorise.ts'
import { digitsOf } from './keys.ts'

const perPage = 8

export type People = { people: PersonRecord[]; total: number; page: number; pages: number }

/** One page (from 0) of a bot's people, all or those whose name, username, userId or key the search finds. */
export async function listPeople(admin: Admin, botId: string, page: number, search?: string): Promise<People> {
  const bot = await authorise(admin, botId, 'admin')
  const owner = search ? await ownerOfKey(bot._id, search) : null
  if (owner) return { people: [owner], total: 1, page: 0, pages: 1 }
  const { people, total } = await Person.page(bot._id, { search, skip: page * perPage, limit: perPage })
  return { people, total, page, pages: Math.max(1, Math.ceil(total / perPage)) }
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
