import type { ApiFailure, ApiResponse } from '../channels/channel.ts'
import type { DeliveryRecord } from '../models/delivery.ts'

/** What an answer means for a delivery. */
export type Outcome =
  | { step: 'part is out'; messageId: number | undefined }
  /** Nothing was sent and no attempt counts: later, as if it had not been tried. */
  | { step: 'put back' }
  | { step: 'token is dead' }
  | { step: 'try again'; error: string; possibleDuplicate: boolean }
  | { step: 'finish'; state: 'failed' | 'stopped' | 'unknown'; error: string }

/**
 * A gateway's own words: whoever stands behind it may have carried the call out and not been heard. Telegram's front answers so when a
 * backend was slow or went away. 500 and 503 are the backend's: it has failed the call, or not taken it.
 */
const gateways = new Set([502, 504])

/** Judges what the messenger answered to one part. `hold` is our own word: nothing was sent. */
export function judge(answer: ApiResponse | 'hold', { once }: Pick<DeliveryRecord, 'once'>): Outcome {
  if (answer === 'hold') return { step: 'put back' }
  if (answer.ok) return { step: 'part is out', messageId: messageIdOf(answer.result) }
  const { error_code: code, description: error } = answer
  if (code === 429) return { step: 'put back' }
  if (code === 401) return { step: 'token is dead' }
  if (code === 403) return { step: 'finish', state: 'stopped', error }
  if (wasNotCarriedOut(answer)) return { step: 'try again', error, possibleDuplicate: false }
  if (code > 0 && !gateways.has(code)) return { step: 'finish', state: 'failed', error }
  // The messenger itself did not answer: the message may have arrived or not.
  return once ? { step: 'finish', state: 'unknown', error } : { step: 'try again', error, possibleDuplicate: true }
}

/** Whether the messenger surely did nothing and a later try may succeed. */
function wasNotCarriedOut({ error_code: code, unsent }: ApiFailure): boolean {
  return unsent === true || (code >= 500 && !gateways.has(code))
}

function messageIdOf(result: unknown): number | undefined {
  if (typeof result !== 'object' || result === null || !('message_id' in result)) return undefined
  return typeof result.message_id === 'number' ? result.message_id : undefined
}
