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
