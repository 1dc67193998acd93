import type { z } from 'zod'
import type { TextKey } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import type { ApiKeyRecord } from '../models/api-key.ts'
import type { BotHandle } from './bot-handle.ts'

/** The HTTP call behind an endpoint's run. */
export type Call = {
  apiKey: ApiKeyRecord
  /** Language of the answer's `message`. */
  locale: Locale
  idempotencyKey?: string | undefined
  /** A keyed fingerprint of the body, to tell a repeat from another call under the same Idempotency-Key. */
  bodyPrint: string
  /** The bot does not run: it is switched off, its token is dead, or its server is off. What is queued waits for it. */
  held: boolean
}

/** A call that an endpoint does not take as it came: 422 (not valid, `field` says where) or 409 (not now). */
export class RefusedCall extends Error {
  override name = 'RefusedCall'
  readonly code: 409 | 422
  readonly key: TextKey
  readonly field: string

  constructor(code: 409 | 422, key: TextKey, field: string) {
    super(`${field}: ${key}`)
    this.code = code
    this.key = key
    this.field = field
  }
}

/** What an endpoint answers beside `success: true`; a communication that could not be is thrown as a UserError. */
export type Answer = Record<string, unknown>

/** What an endpoint takes as `script_request_params` and answers; it validates the call and is its entry on the OpenAPI page. */
export type Contract<Params extends z.ZodType> = { summary: string; params: Params; answer: z.ZodType<Answer> }

/** A named integration point: what other systems may make a bot do. The alias may contain slashes: `users/update`. */
export type Endpoint<Params extends z.ZodType = z.ZodType> = {
  readonly alias: string
  readonly contract: Contract<Params>
  readonly run: (params: z.output<Params>, bot: BotHandle, call: Call) => Promise<Answer>
}

// biome-ignore lint/suspicious/noExplicitAny: a list of endpoints has no one schema
export type AnyEndpoint = Endpoint<any>

/** Defines an integration point: its contract, then what it does. */
export function defineEndpoint<Params extends z.ZodType>(
  alias: string,
  contract: Contract<Params>,
  run: Endpoint<Params>['run'],
): Endpoint<Params> {
  return { alias, contract, run }
}
