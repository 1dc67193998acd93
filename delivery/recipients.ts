import type { Types } from 'mongoose'
import { batched } from '../models/batched.ts'
import { Person, type PersonRecord } from '../models/person.ts'

type Id = Types.ObjectId

/** What one query may ask for: more is asked for in several. */
const most = 1000
/** Calls with more users than this gain nothing from sharing a query. */
const shared = 50

/** The persons linked to these users. Concurrent calls share their queries. */
export async function personsOfUsers(bot: Id, userIds: string[]): Promise<PersonRecord[]> {
  if (userIds.length === 0) return []
  if (userIds.length <= shared) return ask({ bot, userIds })
  return inChunks(userIds, (chunk) => Person.ofUsers(bot, chunk))
}

export function personsById(bot: Id, personIds: number[]): Promise<PersonRecord[]> {
  return inChunks(personIds, (chunk) => Person.among(bot, chunk))
}

const ask = batched(async (questions: { bot: Id; userIds: string[] }[]) => {
  const byBot = Map.groupBy(questions, ({ bot }) => String(bot))
  const found = new Map<string, Map<string, PersonRecord[]>>()
  await Promise.all(
    [...byBot].map(async ([key, asked]) => {
      const userIds = [...new Set(asked.flatMap((question) => question.userIds))]
      const persons = asked[0] ? await inChunks(userIds, (chunk) => Person.ofUsers(asked[0]?.bot as Id, chunk)) : []
      found.set(
        key,
        Map.groupBy(persons, ({ userId }) => userId ?? ''),
      )
    }),
  )
  return questions.map(({ bot, userIds }) => {
    const persons = found.get(String(bot))
    return userIds.flatMap((userId) => persons?.get(userId) ?? [])
  })
})

/** Asks in chunks, one after another. */
export async function inChunks<Item, Found>(
  items: Item[],
  query: (chunk: Item[]) => Promise<Found[]>,
): Promise<Found[]> {
  const found: Found[] = []
  for (let start = 0; start < items.length; start += most)
    found.push(...(await query(items.slice(start, start + most))))
  return found
}
