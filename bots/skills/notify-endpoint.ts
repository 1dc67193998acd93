import { z } from 'zod'
import { UserError } from '../../config/user-error.ts'
import { findAudience } from '../../delivery/audience.ts'
import { nobodyReached } from '../../delivery/not-reached.ts'
import type { Recipient } from '../../delivery/recipient.ts'
import { defineEndpoint } from '../../dialogue/endpoint.ts'
import { givenUserId, userIdOf } from '../../directory/user-id.ts'
import { notReached } from './not-reached-answer.ts'
import { sayLater } from './notify-later.ts'
import { type NotifyCall, sayNow } from './notify-now.ts'
import { notifyParams } from './notify-params.ts'
import { firstDate, planOf } from './plan-params.ts'
import { repeatOfCall } from './repeated-answer.ts'

const notFound = z
  .array(givenUserId)
  .optional()
  .describe('Which of the userIds and keys nobody is linked to, and which names no chat has, as you wrote them')
const recipient = z.object({
  userId: z.string().optional(),
  chat: z.string().optional().describe('The name of a chat; `name` is its title then'),
  name: z.string(),
  locale: z.string(),
  stopped: z
    .boolean()
    .describe('The person has stopped the bot, or the bot is not in the chat, and it would not arrive'),
})
const held = z
  .literal(true)
  .optional()
  .describe('The bot is switched off or its token is dead: it is sent when the bot runs again')

const answer = z.union([
  z.object({
    notificationId: z.string(),
    queued: z.int().describe('How many people and chats will get it'),
    stopped: z.int().optional().describe('How many have stopped the bot, or are chats that it is not in, and will not'),
    notReached,
    notFound,
    held,
  }),
  z.object({
    notificationId: z.string(),
    scheduledFor: z.string().describe('When it (first) falls due, ISO 8601'),
    reaches: z
      .int()
      .describe('How many people and chats would get it now; who it is then is looked up when it falls due'),
    notReached,
    notFound,
    held,
  }),
  z.object({
    dryRun: z.literal(true),
    recipients: z.array(recipient),
    scheduledFor: z.string().optional(),
    notReached,
    notFound,
  }),
])

export const notify = defineEndpoint(
  'notify',
  {
    summary:
      'Say something to users and chats, in the order of the calls: now, at a date, or again and again. Accepts the header Idempotency-Key.',
    params: notifyParams,
    answer,
  },
  async (params, { record: bot }, call) => {
    const repeated = params.dryRun ? undefined : await repeatOfCall(call)
    if (repeated) return repeated
    const found = await findAudience(bot, {
      users: new Map(params.userIds.map((given) => [given, userIdOf(given)])),
      keys: new Map(params.keys.map((given) => [given, String(given).replace(/\D/g, '')])),
      chats: params.chats,
    })
    const plan = planOf(params)
    const first = firstDate(params, plan)
    if (reachesNobody(params, found, plan !== undefined)) {
      const people = params.userIds.length + params.keys.length
      throw people > 0 ? nobodyReached(found.notReached.map(({ reason }) => reason)) : new UserError('api.chatNotFound')
    }
    const missing = {
      ...(found.notReached.length > 0 && { notReached: found.notReached }),
      ...(found.notFound.length > 0 && { notFound: found.notFound }),
    }
    const scheduledFor = plan && { scheduledFor: first.toISOString() }
    if (params.dryRun)
      return { dryRun: true, recipients: [...found.persons, ...found.chats].map(shown), ...scheduledFor, ...missing }
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

/**
 * Who has no link yet, or which chat no such name, may have one when it falls due; whose key is not bound never will.
 */
function reachesNobody(
  { userIds, chats: names }: NotifyCall['params'],
  { persons, keyed, chats }: NotifyCall['found'],
  later: boolean,
): boolean {
  return later ? userIds.length + keyed.length + names.length === 0 : persons.length + chats.length === 0
}

function shown({ userId, chatName, name, locale, stopped }: Recipient): z.output<typeof recipient> {
  return {
    ...(userId != null && { userId }),
    ...(chatName !== undefined && { chat: chatName }),
    name,
    locale,
    stopped: stopped != null,
  }
}
