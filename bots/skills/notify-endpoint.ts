import { z } from 'zod'
import { UserError } from '../../config/user-error.ts'
import { findAudience } from '../../delivery/audience.ts'
import { defineEndpoint } from '../../dialogue/endpoint.ts'
import { givenUserId, userIdOf } from '../../directory/user-id.ts'
import type { PersonRecord } from '../../models/person.ts'
import { sayLater } from './notify-later.ts'
import { sayNow } from './notify-now.ts'
import { notifyParams } from './notify-params.ts'
import { firstDate, planOf } from './plan-params.ts'
import { repeatOfCall } from './repeated-answer.ts'

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
const held = z
  .literal(true)
  .optional()
  .describe('The bot is switched off or its token is dead: it is sent when the bot runs again')

const answer = z.union([
  z.object({
    notificationId: z.string(),
    queued: z.int().describe('How many people will get it'),
    stopped: z.int().optional().describe('How many have stopped the bot and will not'),
    notFound,
    held,
  }),
  z.object({
    notificationId: z.string(),
    scheduledFor: z.string().describe('When it (first) falls due, ISO 8601'),
    reaches: z.int().describe('How many people would get it now; who it is then is looked up when it falls due'),
    notFound,
    held,
  }),
  z.object({ dryRun: z.literal(true), recipients: z.array(recipient), scheduledFor: z.string().optional(), notFound }),
])

export const notify = defineEndpoint(
  'notify',
  {
    summary:
      'Say something to users, in the order of the calls: now, at a date, or again and again. Accepts the header Idempotency-Key.',
    params: notifyParams,
    answer,
  },
  async (params, { record: bot }, call) => {
    const repeated = params.dryRun ? undefined : await repeatOfCall(call)
    if (repeated) return repeated
    const found = await findAudience(bot, {
      users: new Map(params.userIds.map((given) => [given, userIdOf(given)])),
      keys: new Map(params.keys.map((given) => [given, String(given).replace(/\D/g, '')])),
    })
    const plan = planOf(params)
    const first = firstDate(params, plan)
    // Who has no link yet may have one when it falls due; whose key is not bound never will.
    const nobody = plan ? params.userIds.length + found.keyed.length === 0 : found.persons.length === 0
    if (nobody) throw new UserError('api.userNotFound')
    const missing = { ...(found.notFound.length > 0 && { notFound: found.notFound }) }
    const scheduledFor = plan && { scheduledFor: first.toISOString() }
    if (params.dryRun) return { dryRun: true, recipients: found.persons.map(shown), ...scheduledFor, ...missing }
    const order = { bot, params, found, missing, call }
    // No word of the store's reaches the caller as it is: "not ready, try again" would be no true answer any more.
    const answer = await (plan ? sayLater(plan, order) : sayNow(order)).catch((cause) => {
      if (cause instanceof UserError) throw cause
      throw new Error('The store failed while a notification was written: it may be sent or not', { cause })
    })
    if (answer !== 'taken') return answer
    return (await repeatOfCall(call)) ?? Promise.reject(new Error('A repeated call is gone: its bot was just removed'))
  },
)

function shown({ userId, name, locale, stopped }: PersonRecord): z.output<typeof recipient> {
  return { ...(userId != null && { userId }), name, locale, stopped: stopped != null }
}
