import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance } from 'fastify'
import type { Locale } from '../config/locales.ts'
import type { Logger } from '../config/logger.ts'
import type { Kind } from '../dialogue/kind.ts'
import type { ApiKeyRecord } from '../models/api-key.ts'
import type { BotRecord } from '../models/bot.ts'
import type { ServerRecord } from '../models/server.ts'
import { errorHandler } from './answers.ts'
import { authentication, callerOf } from './api-keys.ts'
import { BotDirectory } from './bots.ts'
import { clientErrorHandler } from './client-error.ts'
import { docs } from './docs.ts'
import { HttpFailure } from './failure.ts'
import { readAnyBodyAsJson } from './json-body.ts'
import { callRoute } from './routes/call.ts'
import { healthRoutes } from './routes/health.ts'
import { hookRoutes } from './routes/hooks.ts'
import { meRoute } from './routes/me.ts'

export type HttpParts = {
  kinds: ReadonlyMap<string, Kind>
  /** The servers that are on; bots of others sleep, and what is queued for them is held. */
  servers: readonly ServerRecord[]
  log: Logger
  settings: { defaultLocale: Locale }
  mostWaiting?: number
}

declare module 'fastify' {
  interface FastifyRequest {
    apiKey: ApiKeyRecord | null
    /** The bot that the call names, once it was found. */
    bot: BotRecord | null
  }
}

const bodyLimit = 1024 * 1024

/**
 * Builds the HTTP API; the caller listens and closes.
 * @throws ConfigError when two kinds have one alias with different schemas
 */
export async function createHttpServer(parts: HttpParts): Promise<FastifyInstance> {
  const handleError = errorHandler(parts.log, parts.settings.defaultLocale)
  const app = fastify({
    bodyLimit,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: handleError,
    clientErrorHandler: clientErrorHandler(parts.settings.defaultLocale),
  })
  app.decorateRequest('apiKey', null).decorateRequest('bot', null)
  app.setErrorHandler(handleError)
  app.setNotFoundHandler(() => Promise.reject(new HttpFailure(404, 'api.notFound')))
  refuseWhileClosing(app)
  healthRoutes(app)
  await app.register(docs(parts.kinds))
  await app.register(api(parts), { prefix: '/api/v1' })
  await app.register(hookRoutes(parts))
  return app
}

function api(parts: HttpParts) {
  return async (app: FastifyInstance) => {
    const bots = new BotDirectory()
    app.addHook('onClose', async () => bots.close())
    readAnyBodyAsJson(app)
    app.addHook('onRequest', authentication(parts.log))
    await app.register(rateLimit, {
      timeWindow: '1 minute',
      max: (request) => callerOf(request).callsPerMinute,
      keyGenerator: (request) => String(callerOf(request)._id),
      errorResponseBuilder: (_request, { ttl }) =>
        new HttpFailure(429, 'api.tooMany', { seconds: Math.ceil(ttl / 1000) }),
    })
    callRoute(app, parts, bots)
    meRoute(app, parts)
  }
}

/** Connections that are kept alive get a clear answer instead of the framework's. */
function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onRequest', async () => {
    if (closing) throw new HttpFailure(503, 'api.unavailable')
  })
}
