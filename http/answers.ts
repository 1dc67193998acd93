import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { type TextKey, type TextParams, t } from '../config/i18n.ts'
import { type Locale, localeOf } from '../config/locales.ts'
import type { Logger } from '../config/logger.ts'
import { UserError } from '../config/user-error.ts'
import { RefusedCall } from '../dialogue/endpoint.ts'
import { HttpFailure, InvalidCall } from './failure.ts'
import { acceptedLocale } from './language.ts'

/** The language of an answer's message: Accept-Language, else the bot's, else the default. */
export function localeFor(request: FastifyRequest, fallback: Locale): Locale {
  return acceptedLocale(request.headers['accept-language']) ?? localeOf(request.bot?.locale) ?? fallback
}

/** Turns whatever went wrong, in an endpoint or in the framework, into one of our own answers. */
export function errorHandler(log: Logger, defaultLocale: Locale) {
  return (error: Error, request: FastifyRequest, reply: FastifyReply) => {
    const say = (key: TextKey, params?: TextParams) => t(localeFor(request, defaultLocale), key, params)
    if (error instanceof UserError)
      return reply.code(200).send({ success: false, message: say(error.key, error.params) })
    const errors = objectionsOf(error, say)
    if (errors) return reply.code(200).send({ success: false, errorCode: 422, message: say('api.invalid'), errors })
    const failure = failureOf(error)
    if (failure.statusCode === 500) {
      log.error(
        { err: error, method: request.method, route: request.routeOptions.url, bot: request.bot?.username },
        'a call failed',
      )
    }
    if ([409, 429, 503].includes(failure.statusCode)) reply.header('retry-after', String(failure.params.seconds ?? 1))
    return reply.code(failure.statusCode).send({ success: false, message: say(failure.key, failure.params) })
  }
}

function objectionsOf(error: Error, say: (key: TextKey) => string): InvalidCall['errors'] | undefined {
  if (error instanceof InvalidCall) return error.errors
  if (error instanceof RefusedCall && error.code === 422) return [{ field: error.field, message: say(error.key) }]
  return undefined
}

/** The store was not even asked: nothing was done, and the caller may try again. An answer that was lost on its way is no such case. */
const storeWasNotAsked = /^Mongo(ServerSelection|NotConnected|TopologyClosed|PoolClosed|PoolCleared)Error$/

function failureOf(error: Error): HttpFailure {
  if (error instanceof HttpFailure) return error
  if (error instanceof RefusedCall) return new HttpFailure(error.code, error.key)
  const { statusCode = 500, code } = error as Partial<FastifyError>
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new HttpFailure(413, 'api.tooLarge')
  if (code === 'FST_ERR_BAD_URL' || statusCode === 404) return new HttpFailure(404, 'api.notFound')
  if (storeWasNotAsked.test(error.name)) return new HttpFailure(503, 'api.unavailable')
  return statusCode >= 400 && statusCode < 500
    ? new HttpFailure(400, 'api.notJson')
    : new HttpFailure(500, 'api.unexpected')
}
