import type { FastifyRequest } from 'fastify'
import type { Logger } from '../config/logger.ts'
import { ApiKey, type ApiKeyRecord } from '../models/api-key.ts'
import { storeTime } from '../models/store-clock.ts'
import { HttpFailure } from './failure.ts'

/** "Last used" is told to people: to the minute is enough. */
const noteEveryMs = 60_000

/** Finds out whose call this is, before its body is read. */
export function authentication(log: Logger) {
  const notedAt = new Map<string, number>()

  function noteUse({ _id }: ApiKeyRecord): void {
    const now = storeTime().getTime()
    if (now - (notedAt.get(String(_id)) ?? 0) < noteEveryMs) return
    notedAt.set(String(_id), now)
    ApiKey.noteUse(_id, new Date(now)).catch((error) => log.warn({ err: error }, "an API key's use could not be noted"))
  }

  return async (request: FastifyRequest): Promise<void> => {
    const secret = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
    const apiKey = secret ? await ApiKey.bySecret(secret) : null
    if (!apiKey) throw new HttpFailure(401, 'api.unauthorised')
    request.apiKey = apiKey
    noteUse(apiKey)
  }
}

/** The key of an authenticated request. */
export function callerOf({ apiKey }: FastifyRequest): ApiKeyRecord {
  if (!apiKey) throw new Error('A route that needs an API key was reached without one')
  return apiKey
}
