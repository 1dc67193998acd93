import type { CallName } from './settings.ts'

/**
 * Why a call to the directory came to nothing. `unreachable`: no connection, or no answer in time; `certificate`: no secure connection;
 * `refused`: 401 or 403; `notJson`: something else than JSON; `missingField`: a field is missing or of another form; `failed`: any other status;
 * `ignoresQuestion`: an account that nobody can have asked for (`check` alone finds this).
 */
export type FailureKind =
  | 'unreachable'
  | 'certificate'
  | 'refused'
  | 'notJson'
  | 'missingField'
  | 'failed'
  | 'ignoresQuestion'

export type FailureDetail = {
  status?: number
  /** The field that is missing, in our name. */
  field?: string
  /** The network's word: `ECONNREFUSED`, `TIMEOUT`. */
  code?: string
  /** How long the directory asks to be left alone. */
  retryAfterMs?: number
}

/** The directory did not do what it was asked. Neither the message nor a property holds what was sent or answered. */
export class DirectoryFailure extends Error {
  override name = 'DirectoryFailure'
  readonly kind: FailureKind
  readonly call: CallName
  readonly detail: FailureDetail
  /** False when the breaker was open and nothing was sent; the kind is the one of the failure that opened it. */
  readonly asked: boolean

  constructor(kind: FailureKind, call: CallName, detail: FailureDetail = {}, asked = true) {
    const { status, field, code } = detail
    super(
      `The directory's ${call}: ${[kind, status, field, code, !asked && 'not asked again yet'].filter(Boolean).join(', ')}`,
    )
    this.kind = kind
    this.call = call
    this.detail = detail
    this.asked = asked
  }

  /** Whether it tells of the whole directory rather than of one question. */
  get down(): boolean {
    return this.kind === 'unreachable' || this.kind === 'certificate' || (this.detail.status ?? 0) >= 500
  }

  /** Whether the same call may succeed in a moment. */
  get passing(): boolean {
    if (!this.asked) return false
    const { status = 0 } = this.detail
    return (
      this.kind === 'unreachable' || (this.kind === 'failed' && (status >= 500 || status === 429 || status === 408))
    )
  }
}
