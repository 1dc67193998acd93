import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { World } from '../world.ts'

const pulse = 15_000

/** Server-sent events, of one person or of all; they end when the sandbox closes. */
export const eventRoutes =
  (world: World): FastifyPluginAsyncZod =>
  async (app) => {
    const schema = { querystring: z.object({ person: z.coerce.number().int().optional() }) }
    app.get('/events', { schema }, ({ query }, reply) => {
      reply.hijack()
      const { raw } = reply
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'close' })
      raw.write(': hello\n\n')
      const unlisten = world.events.listen(({ event, ...data }) => {
        if (query.person !== undefined && 'person' in data && data.person !== query.person) return
        raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      })
      const beat = setInterval(() => raw.write(': still here\n\n'), pulse)
      const end = () => raw.end()
      world.closing.signal.addEventListener('abort', end, { once: true })
      raw.once('close', () => {
        unlisten()
        clearInterval(beat)
        world.closing.signal.removeEventListener('abort', end)
      })
    })
  }
