import type { ServerResponse } from 'node:http'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { SandboxEvent } from '../events.ts'
import type { World } from '../world.ts'

const pulse = 15_000

/** Server-sent events, of one person or of all; they end when the sandbox closes. */
export const eventRoutes =
  (world: World): FastifyPluginAsyncZod =>
  async (app) => {
    const schema = { querystring: z.object({ person: z.coerce.number().int().optional() }) }
    app.get('/events', { schema }, ({ query }, reply) => {
      reply.hijack()
      // The connection is for this stream alone: kept alive, it would hold the sandbox's close.
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'close' }
      tell(world, reply.raw.writeHead(200, headers), query.person)
    })
  }

function tell({ events, closing }: World, response: ServerResponse, person: number | undefined): void {
  const unlisten = events.listen((event) => {
    if (concerns(event, person)) response.write(asText(event))
  })
  const beat = setInterval(() => response.write(': still here\n\n'), pulse)
  const stop = () => {
    unlisten()
    clearInterval(beat)
    closing.signal.removeEventListener('abort', stop)
    response.end()
  }
  closing.signal.addEventListener('abort', stop, { once: true })
  // A client may leave at any moment, also while it is written to.
  response.once('close', stop).once('error', stop)
  response.write(': hello\n\n')
}

function concerns(event: SandboxEvent, person: number | undefined): boolean {
  return person === undefined || !('person' in event) || event.person === person
}

function asText({ event, ...data }: SandboxEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
