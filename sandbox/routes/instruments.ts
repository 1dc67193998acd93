import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { PeopleApiError } from '../failures.ts'
import { faultSchema } from '../faults.ts'
import type { World } from '../world.ts'

const ofBot = z.object({ bot: z.coerce.number().int() })

/** What measures and disturbs: outbox, counters, faults, and the bytes of files. */
export const instrumentRoutes =
  (world: World): FastifyPluginAsyncZod =>
  async (app) => {
    const { faults, counters, messages, files } = world
    const outboxQuery = z.object({ after: z.coerce.number().int().default(0) })
    app.get('/bots/:bot/outbox', { schema: { params: ofBot, querystring: outboxQuery } }, ({ params, query }) =>
      messages.sentBy(params.bot, query.after),
    )
    app.get('/bots/:bot/counters', { schema: { params: ofBot } }, ({ params }) => counters.of(params.bot))
    app.get('/faults/:bot', { schema: { params: ofBot } }, ({ params }) => faults.get(params.bot))
    app.put('/faults/:bot', { schema: { params: ofBot, body: faultSchema } }, ({ params, body }) => {
      if (params.bot !== 0 && !world.bots.get(params.bot))
        throw new PeopleApiError(404, `There is no bot ${params.bot}`)
      faults.set(params.bot, body)
      return faults.get(params.bot)
    })
    app.delete('/faults/:bot', { schema: { params: ofBot } }, ({ params }) => {
      faults.clear(params.bot)
      return {}
    })
    app.get('/files/:id', { schema: { params: z.object({ id: z.string() }) } }, ({ params }, reply) => {
      const file = files.get(params.id)
      if (!file) throw new PeopleApiError(404, 'There is no such file')
      // What a bot or a person sent must not run as a page of this origin.
      if (!file.image)
        reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      reply.header('content-security-policy', "default-src 'none'; sandbox")
      return reply.type(file.image?.mime ?? 'application/octet-stream').send(Buffer.from(files.bytes(file)))
    })
  }
