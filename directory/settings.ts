import { z } from 'zod'

const addressRule = 'must be an address such as https://erp.example.com/api, without a user name, a query or a #'
const baseUrl = z
  .url({ protocol: /^https?$/, error: addressRule, abort: true })
  .refine((url) => !/[?#]/.test(url) && new URL(url).username + new URL(url).password === '', addressRule)
  .transform((url) => url.replace(/\/+$/, ''))

/** Headers that say something else than who calls. */
const taken =
  /^(accept.*|connection|content-.*|cookie|expect|host|idempotency-key|keep-alive|te|trailer|transfer-encoding|upgrade|via)$/i
const headerName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'must be the name of an HTTP header, such as X-Api-Key')
  .refine((name) => !taken.test(name), 'is a header with a meaning of its own; name another')

const path = z.string().regex(/^\/[^#\s\\]*$/, 'must begin with a slash, such as /user, without spaces and #')
const findMethods = ['GET', 'POST'] as const
const writeMethods = ['POST', 'PUT', 'PATCH', 'DELETE'] as const
const write = z.enum(writeMethods)

/** What a client calls: the path is added to the base URL. A find by GET asks in the query, by POST in the body. */
const calls = z.strictObject({
  find: z.strictObject({ method: z.enum(findMethods).default('GET'), path: path.default('/user') }).prefault({}),
  register: z.strictObject({ method: write.default('POST'), path: path.default('/user') }).prefault({}),
  connectBot: z.strictObject({ method: write.default('POST'), path: path.default('/user/connect-bot') }).prefault({}),
  disconnectBot: z
    .strictObject({ method: write.default('POST'), path: path.default('/user/disconnect-bot') })
    .nullable()
    .prefault({}),
  change: z
    .strictObject({ method: write.default('PATCH'), path: path.default('/user') })
    .nullable()
    .prefault({}),
})

/**
 * Where a bot's directory is and how it is called. The last two calls may be null: the directory does not have them.
 */
export const directorySettings = z.strictObject({
  baseUrl,
  token: z.string().regex(/^[\x21-\x7e]{1,4096}$/, 'must be visible ASCII characters without spaces'),
  /** `Authorization` gets `Bearer <token>`, any other header the token alone. */
  header: headerName.default('Authorization'),
  calls: calls.prefault({}),
  /** How long one attempt may take; three of them must end within the minute that an update has. */
  timeoutMs: z.int().min(100).max(15_000).default(5_000),
})
export type DirectorySettings = z.output<typeof directorySettings>
export type CallName = keyof DirectorySettings['calls']

export const callNames = ['find', 'register', 'connectBot', 'disconnectBot', 'change'] as const satisfies CallName[]

/** By which methods a call may be made. */
export function methodsOf(call: CallName): readonly string[] {
  return call === 'find' ? findMethods : writeMethods
}

/** Whether a directory may do without this call. */
export function isOptional(call: CallName): boolean {
  return call === 'disconnectBot' || call === 'change'
}
