import { type Agent, type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'

/** What a bot said to an update that it took. */
export interface WebhookAnswer {
  type: string
  body: string
}

/** How one attempt to hand an update to a webhook ended. */
export type PostOutcome =
  | ({ ok: true } & WebhookAnswer)
  /** `error` is what getWebhookInfo tells; `retryAfter` in seconds, 0 if the bot named none. */
  | { ok: false; error: string; retryAfter: number }

export interface Post {
  url: string
  secret: string | undefined
  agent: Agent
  /** Milliseconds until the whole answer must be there. */
  patience: number
  signal: AbortSignal
}

const longestRetryAfter = 3600

/** Posts one update, a JSON text, as Telegram does. Never rejects. */
export function postUpdate({ url, secret, agent, patience, signal }: Post, text: string): Promise<PostOutcome> {
  const { promise, resolve } = Promise.withResolvers<PostOutcome>()
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...(secret && { 'x-telegram-bot-api-secret-token': secret }),
  }
  const send = url.startsWith('https:') ? overHttps : overHttp
  const request = send(url, { method: 'POST', agent, headers, signal })
  const timer = setTimeout(() => request.destroy(new Error('Read timeout expired')), patience)
  const fail = (error: NodeJS.ErrnoException) => resolve({ ok: false, error: sentenceOf(error), retryAfter: 0 })
  request.on('error', fail).on('response', (response) => readAnswer(response).then(resolve, fail))
  request.end(text)
  return promise.finally(() => clearTimeout(timer))
}

async function readAnswer(response: IncomingMessage): Promise<PostOutcome> {
  const { statusCode = 0, statusMessage, headers } = response
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part)
  if (statusCode >= 200 && statusCode <= 299)
    return { ok: true, type: headers['content-type'] ?? '', body: Buffer.concat(parts).toString() }
  const seconds = /^\d+$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : 0
  return {
    ok: false,
    error: `Wrong response from the webhook: ${statusCode} ${statusMessage}`,
    retryAfter: Math.min(seconds, longestRetryAfter),
  }
}

const sentences: Record<string, string> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  ETIMEDOUT: 'Connection timed out',
  ENOTFOUND: 'Failed to resolve host: Name or service not known',
}

function sentenceOf({ code = '', message }: NodeJS.ErrnoException): string {
  return sentences[code] ?? message
}
