import { type ActName, Audit, type AuditRecord } from '../models/audit.ts'
import { Bot } from '../models/bot.ts'
import { Person } from '../models/person.ts'
import { type Scope, scopeOf } from './admins.ts'
import type { Admin } from './authorise.ts'
import { nameOfActor, namesOf } from './names.ts'

const perPage = 8
/** What is older lies in the store, but nobody turns so many pages. */
const most = 400

/** An act as it is told: `who` is a person, an API key's name, or null for Rookery itself; `whom` it was done to; on which bot. */
export type PastAct = {
  at: Date
  act: ActName
  who: string | null
  whom: string | undefined
  bot: string | undefined
  details: Record<string, unknown>
}

export type LastActs = { scope: Scope; acts: PastAct[]; page: number; pages: number }

/** One page (from 0) of what was done to a bot, or with an empty id to all of the server; the latest first. */
export async function lastActs(admin: Admin, botId: string, page: number): Promise<LastActs> {
  const scope = await scopeOf(admin, botId, 'admin')
  const { acts, total } = await Audit.page(admin.server, scope?._id, { skip: page * perPage, limit: perPage, most })
  const told = await Promise.all(acts.map((act) => tell(admin.server, act)))
  return { scope, acts: told, page, pages: Math.max(1, Math.ceil(total / perPage)) }
}

async function tell(server: string, { at, act, actor, bot, details = {} }: AuditRecord): Promise<PastAct> {
  const whom = Number(details.personId)
  const [who, name, record] = await Promise.all([
    nameOfActor(server, actor),
    Number.isNaN(whom) ? undefined : nameOfPerson(server, bot, whom),
    bot ? Bot.byId(bot) : undefined,
  ])
  return { at, act, who, whom: name, bot: record?.name, details }
}

/** Somebody as the bot knows them, else as Metabot does. */
async function nameOfPerson(server: string, bot: AuditRecord['bot'], personId: number): Promise<string | undefined> {
  const person = bot && (await Person.of(bot, personId))
  return person?.name ?? (await namesOf(server, [personId])).get(personId)?.name
}
