import { type Repeat, repeatOf } from '../../delivery/repeated-call.ts'
import { type Answer, type Call, RefusedCall } from '../../dialogue/endpoint.ts'

/** The answer of the first call with this Idempotency-Key, if there was one. */
export async function repeatOfCall(call: Call): Promise<Answer | undefined> {
  if (!call.idempotencyKey) return undefined
  const { apiKey, idempotencyKey, bodyPrint } = remembered(call, call.idempotencyKey)
  const repeat = await repeatOf(apiKey, idempotencyKey, bodyPrint)
  return repeat && answerOf(repeat)
}

function answerOf(repeat: Repeat): Answer {
  if (repeat.state === 'answered') return repeat.answer as Answer
  throw repeat.state === 'in progress'
    ? new RefusedCall(409, 'api.inProgress', 'Idempotency-Key')
    : new RefusedCall(422, 'api.keyReused', 'Idempotency-Key')
}

/** What to keep of a call with an Idempotency-Key, for a repeat of it; `answer` is the answer of what was written. */
export function rememberedCall<Receipt>(call: Call, answer: (receipt: Receipt) => Answer) {
  return call.idempotencyKey ? { call: { ...remembered(call, call.idempotencyKey), answer } } : {}
}

function remembered({ apiKey, bodyPrint }: Call, idempotencyKey: string) {
  return { apiKey: apiKey._id, idempotencyKey, bodyPrint }
}
