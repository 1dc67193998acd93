import type { AddressInfo } from 'node:net'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import fastify, { type FastifyInstance } from 'fastify'
import { hasZodFastifySchemaValidationErrors, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { limits } from '../bot-api/limits.ts'
import { hireBotFather } from './bot-father/hire.ts'
import { PeopleApiError } from './failures.ts'
import { watchConnections } from './open-connections.ts'
import { botApiRoutes } from './routes/bot-api.ts'
import { chatRoutes } from './routes/chats.ts'
import { eventRoutes } from './routes/events.ts'
import { groupRoutes } from './routes/groups.ts'
import { instrumentRoutes } from './routes/instruments.ts'
import { pageRoutes } from './routes/page.ts'
import { peopleRoutes } from './routes/people.ts'
import { textMessageRoutes } from './routes/text-messages.ts'
import { carryOutAnswer } from './webhook-answer.ts'
import { type WebhookTimes, webhookTimes } from './webhook-sender.ts'
import { createWorld, type World } from './world.ts'

export interface Sandbox {
  url: string
  port: number
  close(): Promise<void>
}

const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** Starts a sandbox whose state lives in `dir`; port 0 takes a free one. Rejects if another sandbox uses the folder. */
export async function startSandbox({
  dir,
  port,
  host = '127.0.0.1',
  times = webhookTimes,
}: {
  dir: string
  port: number
  host?: string
  times?: WebhookTimes
}): Promise<Sandbox> {
  const world = createWorld(dir, times)
  hireBotFather(world)
  const app = await createServer(world)
  const connections = watchConnections(app.server)
  const end = async () => {
    world.closing.abort()
    connections.end()
    await app.close()
    world.store.close()
  }
  try {
    await app.listen({ port, host })
  } catch (error) {
    await end()
    throw error
  }
  world.webhooks.open((bot, answer) => carryOutAnswer(world, bot, answer), world.closing.signal)
  let ended: Promise<void> | undefined
  const close = () => {
    ended ??= end()
    return ended
  }
  const taken = (app.server.address() as AddressInfo).port
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`, port: taken, close }
}

async function createServer(world: World) {
  const app = fastify({ bodyLimit: limits.uploadBytes + 1024 * 1024, routerOptions: { maxParamLength: 200 } })
  await app.register(formbody, { bodyLimit: limits.uploadBytes })
  await app.register(multipart, { limits: { fileSize: limits.uploadBytes, fieldSize: 1024 * 1024, files: 10 } })
  tolerateEmptyJson(app)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy).header('x-content-type-options', 'nosniff')
    // Another site's page must not act for the people here.
    if (request.headers['sec-fetch-site'] === 'cross-site' && request.url.startsWith('/api/'))
      throw new PeopleApiError(400, 'The API of people does not answer the pages of other sites')
  })
  botApiRoutes(app, world)
  await app.register(pageRoutes)
  await app.register(
    async (api) => {
      api.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler)
      api.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
        const code = hasZodFastifySchemaValidationErrors(error) ? 400 : (error.statusCode ?? 500)
        return reply.code(code).send({ error: error.message })
      })
      for (const routes of [peopleRoutes, chatRoutes, groupRoutes, eventRoutes, textMessageRoutes, instrumentRoutes])
        await api.register(routes(world))
    },
    { prefix: '/api' },
  )
  return app
}

/** Clients send a JSON header and no body; Telegram takes that for no parameters. */
function tolerateEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'ignore')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, String(body), done)
  })
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    done(null, undefined)
  })
}
