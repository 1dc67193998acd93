import type { FastifyInstance } from 'fastify'
import { ApiKey } from '../../models/api-key.ts'
import { Bot } from '../../models/bot.ts'
import { callerOf } from '../api-keys.ts'
import type { HttpParts } from '../server.ts'

/** `GET /me`: what this key is and may do. */
export function meRoute(app: FastifyInstance, { kinds }: HttpParts): void {
  app.get('/me', async (request) => {
    const caller = callerOf(request)
    const { name, ending, madeAt, callsPerMinute, bots, endpoints, server } = caller
    const onServer = await Bot.onServer(server)
    const usable = onServer.filter(({ _id }) => bots === null || bots.some((bot) => bot.equals(_id)))
    return {
      success: true,
      key: { name, ending, madeAt, callsPerMinute, allBots: bots === null, allEndpoints: !endpoints },
      bots: usable
        .map(({ botId, username, name, kind }) => ({
          ...{ botId, username, name, kind },
          endpoints: [...(kinds.get(kind)?.endpoints.keys() ?? [])].filter((alias) => ApiKey.mayCall(caller, alias)),
        }))
        .filter(({ endpoints }) => endpoints.length > 0),
    }
  })
}
