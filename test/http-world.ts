import type { FastifyInstance } from 'fastify'
import { assistant } from '../bots/assistant.ts'
import type { Kind } from '../dialogue/kind.ts'
import { createHttpServer } from '../http/server.ts'
import { ApiKey } from '../models/api-key.ts'
import type { BotRecord } from '../models/bot.ts'
import { log, startWorld } from './delivery-world.ts'

/** The HTTP API on the real store, its server not listening. */
export async function startHttpWorld(kinds: readonly Kind[] = [assistant]) {
  const world = await startWorld()
  const { server } = world
  const parts = { kinds: new Map(kinds.map((kind) => [kind.id, kind])), servers: [server], log }
  const http = await createHttpServer({ ...parts, settings: { defaultLocale: 'en' } })
  return {
    ...world,
    http,
    /** An API key's secret, for these bots or for all. */
    async apiKey(bots: BotRecord[] | null = null) {
      const ids = bots?.map(({ _id }) => _id) ?? null
      return ApiKey.make({ server: server._id, name: 'ERP', bots: ids, madeBy: 1 })
    },
    async close() {
      await http.close()
      await world.close()
    },
  }
}

export type HttpWorld = Awaited<ReturnType<typeof startHttpWorld>>

/** Calls an endpoint as another system does; answers the status and the body. */
export function caller(http: FastifyInstance, secret: string, bot: BotRecord) {
  return async (alias: string, params?: unknown, headers: Record<string, string> = {}) => {
    const response = await http.inject({
      method: 'POST',
      url: `/api/v1/bots/${bot.username}/call/${alias}`,
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
      payload: JSON.stringify({ script_request_params: params }),
    })
    return { status: response.statusCode, headers: response.headers, body: response.json() }
  }
}
