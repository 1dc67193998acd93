import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Locale } from '../../config/locales.ts'
import { fingerprint } from '../../config/vault.ts'
import { botHandle } from '../../dialogue/bot-handle.ts'
import { type AnyEndpoint, type Call, RefusedCall } from '../../dialogue/endpoint.ts'
import type { Kind } from '../../dialogue/kind.ts'
import { ApiKey } from '../../models/api-key.ts'
import type { BotRecord } from '../../models/bot.ts'
import { localeFor } from '../answers.ts'
import { callerOf } from '../api-keys.ts'
import type { BotDirectory } from '../bots.ts'
import { HttpFailure, InvalidCall } from '../failure.ts'
import type { HttpParts } from '../server.ts'
import { stableJson } from '../stable-json.ts'

type Params = { botId: string; '*': string }

/** `POST /bots/{botId}/call/{alias}`: a call of an endpoint; the alias may contain slashes. */
export function callRoute(app: FastifyInstance, parts: HttpParts, bots: BotDirectory): void {
  app.post<{ Params: Params }>('/bots/:botId/call/*', async (request) => {
    const bot = await bots.forCaller(callerOf(request), request.params.botId)
    request.bot = bot
    const { kind, endpoint } = endpointOf(parts.kinds, bot, request.params['*'])
    if (!ApiKey.mayCall(callerOf(request), endpoint.alias)) throw new HttpFailure(403, 'api.endpointForbidden')
    const given = paramsOf(request.body)
    const params = await validated(endpoint.contract.params, given)
    const call = callOf(request, { bot, endpoint, given, parts })
    const answer = await endpoint.run(
      params,
      botHandle(() => bot, kind, parts.log),
      call,
    )
    return { success: true, ...answer }
  })
}

function endpointOf(kinds: ReadonlyMap<string, Kind>, bot: BotRecord, alias: string) {
  const kind = kinds.get(bot.kind)
  const endpoint = kind?.endpoints.get(alias)
  if (!kind || !endpoint) throw new HttpFailure(404, 'api.notFound')
  return { kind, endpoint }
}

function paramsOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new InvalidCall([{ field: '', message: 'the body must be an object: {"script_request_params": {…}}' }])
  return ('script_request_params' in body ? body.script_request_params : undefined) ?? {}
}

async function validated(schema: z.ZodType, given: unknown): Promise<unknown> {
  const parsed = await schema.safeParseAsync(given)
  if (parsed.success) return parsed.data
  throw new InvalidCall(parsed.error.issues.flatMap(objections))
}

/** A field that there is none is named itself, not the object in which it stands. */
function objections(issue: z.core.$ZodIssue): InvalidCall['errors'] {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys : undefined
  return unknown
    ? unknown.map((key) => ({ field: [...issue.path, key].join('.'), message: 'there is no such parameter' }))
    : [{ field: issue.path.join('.'), message: issue.message }]
}

type Circumstances = { bot: BotRecord; endpoint: AnyEndpoint; given: unknown; parts: HttpParts }

function callOf(request: FastifyRequest, { bot, endpoint, given, parts }: Circumstances): Call {
  const serverIsOn = parts.servers.some(({ _id }) => _id === bot.server)
  return {
    apiKey: callerOf(request),
    locale: localeFor(request, parts.settings.defaultLocale as Locale),
    idempotencyKey: idempotencyKeyOf(request),
    get bodyPrint() {
      return fingerprint('call', stableJson([String(bot._id), endpoint.alias, given]))
    },
    held: bot.switchedOff || bot.tokenDeadSince !== null || !serverIsOn,
  }
}

function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || key.length < 1 || key.length > 255)
    throw new RefusedCall(422, 'api.keyMalformed', 'Idempotency-Key')
  return key
}
