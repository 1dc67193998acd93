import { answerText } from './answer-text.ts'
import { DirectoryFailure } from './failure.ts'
import { networkFailure } from './network-failure.ts'
import type { CallName, DirectorySettings } from './settings.ts'

/** What the directory answered: a success, or a status that says something of what was asked (400, 404, 405, 409, 422 …). */
export type Answer = {
  status: number
  ok: boolean
  /** Undefined where there is none, or where a failing status comes with a page. */
  body: unknown
  /** Whether a failing status came with something else than JSON. */
  page: boolean
}

/**
 * One attempt of a call: data travel in the query of a GET, else as the body; `key` is its Idempotency-Key.
 * @throws DirectoryFailure
 */
export async function exchange(
  settings: DirectorySettings,
  call: CallName,
  data: object,
  key?: string,
): Promise<Answer> {
  const { response, text } = await send(requestOf(settings, call, data, key), settings.timeoutMs, call)
  const { status, ok } = response
  if (status === 401 || status === 403) throw new DirectoryFailure('refused', call, { status })
  if (isFailing(status)) throw new DirectoryFailure('failed', call, { status, ...retryAfter(response) })
  if (text === undefined) throw new DirectoryFailure('failed', call, { status, code: 'TOO_LARGE' })
  const body = parsed(text)
  if (ok && body === notJson) throw new DirectoryFailure('notJson', call, { status })
  return { status, ok, body: body === notJson ? undefined : body, page: body === notJson }
}

/** Redirections are not followed: they would carry the token elsewhere and turn a POST into a GET. */
async function send(request: Request, timeoutMs: number, call: CallName) {
  try {
    const response = await fetch(request, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    return { response, text: await answerText(response) }
  } catch (error) {
    throw networkFailure(error, call)
  }
}

/** 501 says that there is no such call. */
function isFailing(status: number): boolean {
  return (status >= 300 && status < 400) || status === 408 || status === 429 || (status >= 500 && status !== 501)
}

function requestOf({ baseUrl, token, header, calls }: DirectorySettings, call: CallName, data: object, key?: string) {
  const target = calls[call]
  if (!target) throw new Error(`The directory has no ${call}`)
  const { method, path } = target
  const url = new URL(baseUrl + path)
  const headers = new Headers({ accept: 'application/json' })
  headers.set(header, header.toLowerCase() === 'authorization' ? `Bearer ${token}` : token)
  if (key !== undefined) headers.set('idempotency-key', key)
  if (method === 'GET') {
    for (const [name, value] of Object.entries(data)) url.searchParams.set(name, value)
    return new Request(url, { method, headers })
  }
  headers.set('content-type', 'application/json')
  return new Request(url, { method, headers, body: JSON.stringify(data) })
}

const notJson = Symbol('not JSON')

/** The parser's own error is dropped: it quotes what it read. */
function parsed(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return notJson
  }
}

function retryAfter(response: Response): { retryAfterMs?: number } {
  const header = response.headers.get('retry-after') ?? ''
  return /^\d{1,6}$/.test(header) ? { retryAfterMs: Number(header) * 1000 } : {}
}
