import { z } from 'zod'
import { UserError } from '../../config/user-error.ts'
import { findAudience } from '../../delivery/audience.ts'
import { notify as write } from '../../delivery/notify.ts'
import { type Repeat, repeatOf } from '../../delivery/repeated-call.ts'
import { type Answer, type Call, defineEndpoint, RefusedCall } from '../../dialogue/endpoint.ts'
import { givenUserId, userIdOf } from '../../directory/user-id.ts'
import type { PersonRecord } from '../../models/person.ts'
import { contentOf, notifyParams } from './notify-params.ts'

const notFound = z
  .array(givenUserId)
  .optional()
  .describe('Which of the userIds and keys nobody is linked to, as you wrote them')
const recipient = z.object({
  userId: z.string().optional(),
  name: z.string(),
  locale: z.string(),
  stopped: z.boolean().describe('The person has stopped the bot and would not get it'),
})

const answer = z.union([
  z.object({
    notificationId: z.string(),
    queued: z.int().describe('How many people will get it'),
    stopped: z.int().optional().describe('How many have stopped the bot and will not'),
    notFound,
    held: z
      .literal(true)
      .optional()
      .describe('The bot is switched off or its token is dead: it is sent when the bot runs again'),
  }),
  z.object({ dryRun: z.literal(true), recipients: z.array(recipient), notFound }),
])

export const notify = defineEndpoint(
  'notify',
  {
    summary: 'Say something to users, in the order of the calls. Accepts the header Idempotency-Key.',
    params: notifyParams,
    answer,
  },
  async (params, { record: bot }, call) => {
    const repeated = params.dryRun ? undefined : await repeatOfCall(call)
    if (repeated) return repeated
    const { persons, notFound } = await findAudience(bot, {
      users: new Map(params.userIds.map((given) => [given, userIdOf(given)])),
      keys: new Map(params.keys.map((given) => [given, String(given).replace(/\D/g, '')])),
    })
    if (persons.length === 0) throw new UserError('api.userNotFound')
    const missing = notFound.length > 0 && { notFound }
    if (params.dryRun) return { dryRun: true, recipients: persons.map(shown), ...missing }
    if (persons.every(({ stopped }) => stopped)) throw new UserError('api.allStopped')
    const answerTo = (receipt: { notificationId: string; queued: number; stopped: number }): Answer => ({
      notificationId: receipt.notificationId,
      queued: receipt.queued,
      ...(receipt.stopped > 0 && { stopped: receipt.stopped }),
      ...missing,
      ...(call.held && { held: true }),
    })
    const order = {
      content: contentOf(params),
      persons,
      userIds: params.userIds.map(userIdOf),
      madeBy: { apiKey: call.apiKey._id },
      once: params.once,
      reference: params.reference,
      ...(call.idempotencyKey && { call: { ...remembered(call, call.idempotencyKey), answer: answerTo } }),
    }
    // No word of the store's reaches the caller as it is: "not ready, try again" would be no true answer any more.
    const receipt = await write(bot, order).catch((cause) => {
      throw new Error('The store failed while a notification was written: it may be sent or not', { cause })
    })
    if (receipt !== 'taken') return answerTo(receipt)
    return (await repeatOfCall(call)) ?? Promise.reject(new Error('A repeated call is gone: its bot was just removed'))
  },
)

/** The answer of the first call with this Idempotency-Key, if there was one. */
async function repeatOfCall(call: Call): Promise<Answer | undefined> {
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

function remembered({ apiKey, bodyPrint }: Call, idempotencyKey: string) {
  return { apiKey: apiKey._id, idempotencyKey, bodyPrint }
}

function shown({ userId, name, locale, stopped }: PersonRecord): z.output<typeof recipient> {
  return { ...(userId != null && { userId }), name, locale, stopped: stopped != null }
}
