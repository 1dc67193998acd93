import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { checkBotUsername, normalizeUsername } from '../../bot-api/usernames.ts'
import { type Bot, descriptionOf, nameOf } from '../bots.ts'
import { PeopleApiError } from '../failures.ts'
import type { World } from '../world.ts'

const personSchema = z.object({
  first_name: z.string().trim().min(1).max(64),
  last_name: z.string().trim().min(1).max(64).optional(),
  username: z
    .string()
    .regex(/^@?[A-Za-z][A-Za-z0-9_]{3,31}$/)
    .optional(),
  phone: z
    .string()
    .regex(/^\+\d{7,15}$/, 'a phone is written as + and 7 to 15 digits')
    .optional(),
  language_code: z
    .string()
    .regex(/^[a-z]{2}(-[A-Za-z]+)?$/)
    .optional(),
})
const botSchema = z.object({ name: z.string().trim().min(1).max(64), username: z.string() })

/** Who there is: people and bots. */
export const peopleRoutes =
  (world: World): FastifyPluginAsyncZod =>
  async (app) => {
    const { people, bots } = world
    app.get('/people', () => people.all())
    app.post('/people', { schema: { body: personSchema } }, async ({ body }) => {
      const username = body.username?.replace('@', '')
      if (username && (people.hasUsername(username) || bots.byUsername(username)))
        throw new PeopleApiError(409, `The username ${username} is taken`)
      if (body.phone && people.hasPhone(body.phone))
        throw new PeopleApiError(409, `Somebody has the phone ${body.phone}`)
      const person = people.add(definedOnly({ ...body, username }))
      world.events.publish({ event: 'people' })
      await world.store.committed()
      return person
    })
    app.get('/bots', () => bots.all().map((bot) => ({ ...summary(bot), description: descriptionOf(bot) })))
    app.post('/bots', { schema: { body: botSchema } }, async ({ body }) => {
      const bot = makeSureOf(world, body.name, body.username)
      await world.store.committed()
      return { ...summary(bot), token: bot.token }
    })
    app.get('/search', { schema: { querystring: z.object({ q: z.string().default('') }) } }, ({ query }) =>
      bots.search(query.q).map(summary),
    )
  }

/** The bot with this username, made if there is none; BotFather's own token is nobody's. */
function makeSureOf({ bots, people, events }: World, name: string, written: string): Bot {
  const username = written.replace(/^@/, '')
  const known = bots.byUsername(username)
  if (known?.username === 'BotFather') throw new PeopleApiError(409, 'BotFather is part of the sandbox')
  if (known) return known
  const wrong = checkBotUsername(username)
  if (wrong) throw new PeopleApiError(400, `The username ${username} will not do: ${wrong}`)
  if (people.hasUsername(normalizeUsername(username)))
    throw new PeopleApiError(409, `The username ${username} is taken`)
  const bot = bots.add(name, username)
  events.publish({ event: 'bots' })
  return bot
}

function summary(bot: Bot): { id: number; username: string; first_name: string } {
  return { id: bot.id, username: bot.username, first_name: nameOf(bot) }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

function definedOnly<T extends object>(given: T): Defined<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>
}
