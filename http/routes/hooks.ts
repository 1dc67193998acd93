import type { FastifyInstance } from 'fastify'
import { Hooks, type HooksParts } from '../hooks.ts'

type Params = { channel: string; id: string }

/** `POST /hooks/{channel}/{id}`: a messenger brings what happened to a bot, in a body of its own. */
export function hookRoutes(parts: HooksParts) {
  return async (app: FastifyInstance) => {
    const hooks = new Hooks(parts)
    app.addHook('onClose', async () => hooks.close())
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer | string) => body)
    app.post<{ Params: Params; Body: Buffer | undefined }>('/hooks/:channel/:id', async ({ params, headers, body }) => {
      await hooks.take(params.channel, params.id, { headers, body: body ?? Buffer.alloc(0) })
      return { success: true }
    })
  }
}
