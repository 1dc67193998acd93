import { ApiKey } from '../models/api-key.ts'
import type { Actor } from '../models/audit.ts'
import { Bot } from '../models/bot.ts'
import { Person, type PersonRecord } from '../models/person.ts'
import { metabotKind } from './authorise.ts'

/** People as Metabot knows them, by the messenger's id. */
export async function namesOf(server: string, personIds: number[]): Promise<Map<number, PersonRecord>> {
  const metabot = await Bot.theOne(server, metabotKind)
  const persons = metabot ? await Person.among(metabot._id, personIds) : []
  return new Map(persons.map((person) => [person.personId, person]))
}

/** What somebody is called in Metabot. */
export async function nameOf(server: string, personId: number): Promise<string> {
  return (await namesOf(server, [personId])).get(personId)?.name ?? '–'
}

/** What the doer of an act is called: a person in Metabot, an API key by its name; null is Rookery itself. */
export async function nameOfActor(server: string, actor: Actor): Promise<string | null> {
  if ('personId' in actor) return nameOf(server, actor.personId)
  return 'apiKey' in actor ? ((await ApiKey.byId(actor.apiKey))?.name ?? '–') : null
}
