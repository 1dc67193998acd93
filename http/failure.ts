import type { TextKey, TextParams } from '../config/i18n.ts'

/** An answer other than 200; its body is `success` and `message` alone. */
export class HttpFailure extends Error {
  override name = 'HttpFailure'
  readonly statusCode: number
  readonly key: TextKey
  readonly params: TextParams

  constructor(statusCode: number, key: TextKey, params: TextParams = {}) {
    super(key)
    this.statusCode = statusCode
    this.key = key
    this.params = params
  }
}

/** A call whose parameters are not valid: 200 with `errorCode` 422. */
export class InvalidCall extends Error {
  override name = 'InvalidCall'
  readonly errors: { field: string; message: string }[]

  constructor(errors: { field: string; message: string }[]) {
    super(errors.map(({ field, message }) => `${field}: ${message}`).join('; '))
    this.errors = errors
  }
}
