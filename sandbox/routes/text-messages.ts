import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { PeopleApiError } from '../failures.ts'
import type { World } from '../world.ts'
import { personOf } from './sides.ts'

const sms = z.object({
  to: z.string().regex(/^\+?\d{7,15}$/, 'a phone is written as 7 to 15 digits, with or without +'),
  text: z.string().min(1).max(1600),
})
const ofPerson = z.object({ person: z.coerce.number().int() })
const part = z.object({ after: z.coerce.number().int().default(0) })

/** What a provider of SMS does: hands one to whoever has the number. And what the phones have received. */
export const textMessageRoutes =
  (world: World): FastifyPluginAsyncZod =>
  async (app) => {
    const { people, textMessages, events, store } = world
    app.post('/sms', { schema: { body: sms } }, async ({ body }) => {
      const person = people.byPhone(body.to)
      if (!person) throw new PeopleApiError(404, `Nobody here has the phone ${body.to}`)
      const received = textMessages.add(person.id, body.text)
      events.publish({ event: 'sms', person: person.id, sms: received })
      await store.committed()
      return received
    })
    app.get('/sms', { schema: { querystring: part } }, ({ query }) => textMessages.all(query.after))
    app.get('/people/:person/sms', { schema: { params: ofPerson, querystring: part } }, ({ params, query }) =>
      textMessages.of(personOf(world, params.person).id, query.after),
    )
  }
