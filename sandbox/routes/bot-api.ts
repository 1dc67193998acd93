import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { isToken } from '../../bot-api/token.ts'
import { findMethod } from '../bot-methods/list.ts'
import { mayUse } from '../bot-methods/may-use.ts'
import type { Bot } from '../bots.ts'
import { BotApiError, tooManyRequests, unauthorized } from '../failures.ts'
import { outcomeOf, perform } from '../perform.ts'
import type { World } from '../world.ts'
import { readParameters } from './read-parameters.ts'

type Route = { Params: { token: string; method: string }; Querystring: Record<string, unknown> }

/** `/bot<token>/<method>`: the Bot API of Telegram, with its own codes and sentences. */
export function botApiRoutes(app: FastifyInstance, world: World): void {
  app.route<Route>({
    method: ['GET', 'POST'],
    url: '/bot:token/:method',
    handler: async (request, reply) => {
      const bot = authorise(world, request.params.token)
      const found = findMethod(request.params.method)
      if (!found) throw new BotApiError(404, 'Not Found: method not found')
      const mishap = world.faults.meet(bot.id, found.name)
      if (mishap) await meetMishap(world, mishap.delay)
      const outcome = mishap?.outcome ?? 'applied'
      const count = (what: string) => world.counters.count(bot.id, found.name, what)
      if (outcome === 'dropped') return destroy(reply, () => count('dropped'))
      try {
        if (outcome === 'failed') throw new BotApiError(502, 'Bad Gateway')
        if (outcome === 'limited') throw tooManyRequests(mishap?.retryAfter ?? 1)
        const parameters = await readParameters(request)
        const result = await perform(world, found, { bot, parameters, gone: () => goneSignal(world, reply) })
        if (outcome === 'lost') return destroy(reply, () => count('lost'))
        count('ok')
        return { ok: true, result }
      } catch (error) {
        count(outcomeOf(error))
        throw error
      }
    },
  })
  app.get<{ Params: { token: string; '*': string } }>('/file/bot:token/*', (request, reply) => {
    const bot = authorise(world, request.params.token)
    const file = world.files.atPath(request.params['*'])
    if (!file || !mayUse(world, bot, file)) throw new BotApiError(404, 'Not Found')
    return reply.type(file.image?.mime ?? 'application/octet-stream').send(Buffer.from(world.files.bytes(file)))
  })
  app.setNotFoundHandler((request, reply) =>
    request.url.startsWith('/api/')
      ? reply.code(404).send({ error: 'There is nothing at this address' })
      : answerError(reply, new BotApiError(404, 'Not Found')),
  )
  app.setErrorHandler((error, _request, reply) => answerError(reply, error))
}

function authorise({ bots }: World, token: string): Bot {
  if (!isToken(token)) throw new BotApiError(404, 'Not Found')
  const bot = bots.byToken(token)
  if (!bot) throw unauthorized()
  return bot
}

function answerError(reply: FastifyReply, error: unknown): FastifyReply {
  const { code, message, parameters } = asBotApiError(error)
  return reply.code(code).send({ ok: false, error_code: code, description: message, ...(parameters && { parameters }) })
}

function asBotApiError(error: unknown): BotApiError {
  if (error instanceof BotApiError) return error
  const { statusCode, message } = error as { statusCode?: number; message: string }
  if (statusCode === 413) return new BotApiError(413, 'Request Entity Too Large')
  return statusCode && statusCode < 500
    ? new BotApiError(400, `Bad Request: ${message}`)
    : new BotApiError(500, `Internal Server Error: ${message}`)
}

async function meetMishap({ closing }: World, delay: number): Promise<void> {
  if (delay > 0) await sleep(delay, undefined, { signal: closing.signal })
}

function destroy(reply: FastifyReply, count: () => void): FastifyReply {
  count()
  reply.hijack()
  reply.raw.destroy()
  return reply
}

function goneSignal({ closing }: World, reply: FastifyReply): AbortSignal {
  const left = new AbortController()
  reply.raw.once('close', () => left.abort())
  return AbortSignal.any([left.signal, closing.signal])
}
