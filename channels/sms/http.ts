import { createContext, Script } from 'node:vm'
import { z } from 'zod'
import { askProvider, type ProviderAnswer, statusFailure } from './ask-provider.ts'
import type { Sms, SmsGateway } from './gateway.ts'
import { faultOfBody, faultOfUrl, fill } from './template.ts'

const contentTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' }

const success = z.strictObject({
  /** The statuses that are a success; any 2xx, if none is named. */
  statuses: z.array(z.int().min(200).max(599)).min(1).optional(),
  /** A regular expression that the body must match: many providers answer 200 to everything. */
  body: z.string().min(1).max(500).refine(isPattern, 'is no regular expression').optional(),
})

/**
 * A provider that takes an SMS by one HTTP request. {{to}} (digits) and {{text}} stand in the address, in the body or in both and are
 * escaped for where they stand; a body is JSON or a form. The address, the headers and the body may hold the provider's secrets.
 */
export const httpSmsSettings = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT']).default('POST'),
    url: z.string().max(2000),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .superRefine((headers, context) => {
        const message = faultOfHeaders(headers)
        if (message) context.addIssue({ code: 'custom', message })
      }),
    body: z.string().max(10_000).optional(),
    format: z.enum(['json', 'form']).default('json'),
    success: success.default({}),
  })
  .superRefine(({ method, url, body, format }, context) => {
    const say = (path: string, message: string | undefined) =>
      message && context.addIssue({ code: 'custom', path: [path], message })
    say('url', faultOfUrl(url))
    if (body !== undefined) say('body', method === 'GET' ? 'GET carries no body' : faultOfBody(body, format))
    for (const place of ['{{to}}', '{{text}}'])
      if (!`${url} ${body ?? ''}`.includes(place)) say('body', `${place} stands nowhere`)
  })
export type HttpSmsSettings = z.output<typeof httpSmsSettings>

export function httpSms({ method, url, headers, body, format, success }: HttpSmsSettings): SmsGateway {
  const written = new Headers(headers)
  if (body !== undefined && !written.has('content-type')) written.set('content-type', contentTypes[format])
  const request = (sms: Sms) => ({
    method,
    url: fill(url, sms, 'query'),
    headers: Object.fromEntries(written),
    body: body === undefined ? null : fill(body, sms, format),
  })

  return {
    async send(sms, signal) {
      const answer = await askProvider(request(sms), signal)
      if ('sent' in answer) return answer
      return succeeded(answer, success) ? { sent: true } : statusFailure(answer.status)
    },
  }
}

function succeeded({ status, body }: ProviderAnswer, { statuses, body: pattern }: HttpSmsSettings['success']): boolean {
  const fine = statuses ? statuses.includes(status) : status >= 200 && status <= 299
  return fine && (pattern === undefined || matches(pattern, body))
}

const longestMatchMs = 100

/** Some patterns take for ever on some texts. In a context of its own it is ended, instead of the process standing still. */
function matches(pattern: string, body: string): boolean {
  const look = new Script('new RegExp(pattern, "u").test(body)')
  try {
    return look.runInContext(createContext({ pattern, body }), { timeout: longestMatchMs })
  } catch {
    return false
  }
}

function isPattern(source: string): boolean {
  try {
    return Boolean(new RegExp(source, 'u'))
  } catch {
    return false
  }
}

const ofTheConnection = /^(host|content-length|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect)$/i

function faultOfHeaders(headers: Record<string, string>): string | undefined {
  const ours = Object.keys(headers).find((name) => ofTheConnection.test(name))
  if (ours) return `${ours} is set by the connection itself`
  try {
    new Headers(headers)
    return undefined
  } catch {
    return 'a name or a value has characters that no header takes'
  }
}
