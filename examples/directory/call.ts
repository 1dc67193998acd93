import type { IncomingHttpHeaders } from 'node:http'
import { invalid, Refusal } from './refusal.ts'

/** A request that was read to its end. */
export interface Call {
  query: URLSearchParams
  text: string
  headers: IncomingHttpHeaders
}

/** Carries a call out and resolves to the body of its answer. @throws Refusal */
export type Handler = (call: Call) => unknown

export interface Answer {
  status: number
  type: string
  text: string
}

export function json(status: number, body: unknown): Answer {
  return { status, type: 'application/json; charset=utf-8', text: JSON.stringify(body) }
}

export function refused({ status, message, field }: Refusal): Answer {
  return json(status, { success: false, errorCode: status, message, ...(field && { field }) })
}

/** The body as an object, whatever content type it claims. */
export function bodyOf({ text }: Call): Record<string, unknown> {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new Refusal(400, 'The body is not JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Refusal(400, 'The body must be a JSON object')
  return body as Record<string, unknown>
}

/** The `userId` of a body or a query. */
export function userIdIn(given: Record<string, unknown>): string {
  const { userId } = given
  if (typeof userId !== 'number' && (typeof userId !== 'string' || !userId.trim()))
    throw invalid('userId', 'userId is needed')
  return String(userId).trim()
}
