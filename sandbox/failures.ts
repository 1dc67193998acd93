import type { ResponseParameters } from 'grammy/types'

/** An error answer of the Bot API, in Telegram's words. */
export class BotApiError extends Error {
  override readonly name = 'BotApiError'
  readonly code: number
  readonly parameters: ResponseParameters | undefined

  constructor(code: number, description: string, parameters?: ResponseParameters) {
    super(description)
    this.code = code
    this.parameters = parameters
  }
}

/** The most common answer: `Bad Request: <sentence>`. */
export function badRequest(sentence: string): BotApiError {
  return new BotApiError(400, `Bad Request: ${sentence}`)
}

export function tooManyRequests(seconds: number): BotApiError {
  return new BotApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })
}

/** Why a poll cannot be, or is over. */
export function conflict(sentence: string): BotApiError {
  return new BotApiError(409, `Conflict: ${sentence}`)
}

export function unauthorized(): BotApiError {
  return new BotApiError(401, 'Unauthorized')
}

/** An error answer of the API of people. */
export class PeopleApiError extends Error {
  override readonly name = 'PeopleApiError'
  readonly statusCode: 400 | 404 | 409

  constructor(statusCode: 400 | 404 | 409, sentence: string) {
    super(sentence)
    this.statusCode = statusCode
  }
}
