import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { PeopleApiError } from '../failures.ts'
import { faultSchema } from '../faults.ts'
import { limitsOf, readInstruments } from '../instruments.ts'
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
    app.get('/instruments', () => readInstruments(world))
    app.get('/limits/:bot', { schema: { params: ofBot } }, ({ params }) => limitsOf(world, params.bot))
    app.put('/limits/:bot', { schema: { params: ofBot, body: z.strictObject({ on: z.boolean() }) } }, (request) =>
      switchLimits(request.params.bot, request.body.on),
    )
    app.delete('/limits/:bot', { schema: { params: ofBot } }, ({ params }) => switchLimits(params.bot, undefined))
    app.get('/faults/:bot', { schema: { params: ofBot } }, ({ params }) => faults.get(params.bot))
    app.put('/faults/:bot', { schema: { params: ofBot, body: faultSchema } }, ({ params, body }) => {
      checkBot(params.bot)
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

    function checkBot(bot: number): void {
      if (bot !== 0 && !world.bots.get(bot)) throw new PeopleApiError(404, `There is no bot ${bot}`)
    }

    async function switchLimits(bot: number, on: boolean | undefined) {
      checkBot(bot)
      world.limits.set(bot, on)
      await world.store.committed()
      return limitsOf(world, bot)
    }
  }
