import { neverConnected } from '../never-connected.ts'
import type { SmsFailure } from './gateway.ts'

export type ProviderRequest = {
  method: string
  url: string
  headers: Record<string, string>
  body?: string | null
}
export type ProviderAnswer = { status: number; body: string }

/** An answer is a line or two; what is longer is another page than the one that was meant. */
const longestAnswer = 64 * 1024
const patienceMs = 15_000

/** Puts a request to a provider. Redirects are not followed: they would carry the secrets elsewhere. */
export async function askProvider(
  { url, method, headers, body = null }: ProviderRequest,
  signal: AbortSignal,
): Promise<ProviderAnswer | SmsFailure> {
  if (signal.aborted) return { sent: false, reason: 'unreachable', mayRepeat: true }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    // A connection that was kept for the next SMS may be closed just then, and nobody knows what became of that one.
    const once = { ...headers, connection: 'close' }
    const response = await fetch(url, { method, headers: once, body, redirect: 'manual', signal: limit })
    return { status: response.status, body: await startOf(response) }
  } catch (error) {
    return failureOf(error)
  }
}

/** What a status tells that is no success. */
export function statusFailure(status: number): SmsFailure {
  if (status === 401 || status === 403) return { sent: false, reason: 'credentials', mayRepeat: false, status }
  if (status === 429 || status === 503) return { sent: false, reason: 'busy', mayRepeat: true, status }
  return { sent: false, reason: status >= 500 ? 'failing' : 'refused', mayRepeat: false, status }
}

async function startOf({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body ?? []) {
    parts.push(part)
    length += part.byteLength
    if (length >= longestAnswer) break
  }
  return Buffer.concat(parts).subarray(0, longestAnswer).toString()
}

const untrusted = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO$)/

function failureOf(error: unknown): SmsFailure {
  const { code = '' } = ((error as Error).cause ?? {}) as { code?: string }
  if (neverConnected.has(code) || code === 'UND_ERR_CONNECT_TIMEOUT')
    return { sent: false, reason: 'unreachable', mayRepeat: true }
  if (untrusted.test(code)) return { sent: false, reason: 'certificate', mayRepeat: false }
  return { sent: false, reason: 'no answer', mayRepeat: false }
}
