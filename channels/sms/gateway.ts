/** A short message; `to` is a number in international form, digits alone: `998901234567`. */
export type Sms = { to: string; text: string }

/**
 * Why an SMS was not sent. The words are ours and the figures short: a provider's own words may hold the number, the text or a secret.
 * - `unreachable`: no connection; `certificate`: a connection that cannot be trusted; `no answer`: what became of it is not known
 * - `credentials`: the provider does not know us; `number`: it cannot send to this number; `refused`: it will not, for another reason
 * - `busy`: it takes nothing just now; `failing`: it broke down, and what became of the SMS is not known
 */
export type SmsFailureReason =
  | 'unreachable'
  | 'certificate'
  | 'no answer'
  | 'credentials'
  | 'number'
  | 'refused'
  | 'busy'
  | 'failing'

export type SmsFailure = {
  sent: false
  reason: SmsFailureReason
  /** The SMS has surely not left, and the same one may be taken later. */
  mayRepeat: boolean
  /** The HTTP status of the answer, where there was one. */
  status?: number
  /** The number that the provider gives to its error. */
  code?: number
}

export type SmsOutcome = { sent: true } | SmsFailure

/** A way to the phones. */
export interface SmsGateway {
  /** Hands an SMS to the provider: `sent` is that it was taken, not that it arrived. Never throws, also not when aborted. */
  send(sms: Sms, signal: AbortSignal): Promise<SmsOutcome>
}
