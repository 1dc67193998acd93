import { personsById } from '../delivery/recipients.ts'
import type { BotRecord } from '../models/bot.ts'
import { Key, type KeyRecord } from '../models/key.ts'
import type { PersonRecord } from '../models/person.ts'
import { authorise, type Doer } from './authorise.ts'

export type BoundKey = { digits: string; key: KeyRecord; person: PersonRecord | undefined }

/** One page of the bound keys of a bot and whose they are, in the order they were given out; `next` when there are more. */
export async function boundKeys(
  doer: Doer,
  botId: BotRecord['_id'],
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ keys: BoundKey[]; next?: string }> {
  const { _id: bot } = await authorise(doer, botId, 'admin')
  const found = await Key.boundOf(bot, { after, limit: limit + 1 })
  const page = found.slice(0, limit)
  const persons = await personsById(bot, [...new Set(page.map(({ personId }) => personId))])
  const byId = new Map(persons.map((person) => [person.personId, person]))
  const last = found.length > limit ? page.at(-1) : undefined
  return {
    keys: page.map((key) => ({ digits: Key.digits(key), key, person: byId.get(key.personId) })),
    ...(last && { next: String(last._id) }),
  }
}
