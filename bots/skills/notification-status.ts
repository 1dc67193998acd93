import { z } from 'zod'
import { UserError } from '../../config/user-error.ts'
import { type Status, statusOf } from '../../delivery/status.ts'
import { defineEndpoint } from '../../dialogue/endpoint.ts'
import { deliveryStates } from '../../models/delivery.ts'
import { answeredId } from './answered-id.ts'
import { hasOneName, nameOf, notificationName, oneName } from './named-notification.ts'
import { date } from './plan-params.ts'

const mostRecipients = 1000

const params = z
  .object({
    ...notificationName,
    dueAt: date.optional().describe('Of a recurring one: this occurrence alone'),
    after: answeredId.optional().describe('`next` of the answer before, for the next page'),
    limit: z.int().min(1).max(mostRecipients).default(mostRecipients),
  })
  .refine(hasOneName, oneName)
  .meta({ examples: [{ reference: 'order-42' }] })

const state = z.enum(deliveryStates)
const counts = z.partialRecord(state, z.int())
const answer = z.object({
  notificationId: z.string(),
  reference: z.string().optional(),
  madeAt: z.string().describe('ISO 8601'),
  counts: counts.describe('How many recipients are in each state; their sum is the audience'),
  schedule: z
    .object({
      state: z.enum(['scheduled', 'finished', 'cancelled']),
      scheduledFor: z.string().optional().describe('When it falls due next'),
      fired: z.int().describe('How often it has fallen due by its plan'),
      occurrences: z.array(
        z.object({
          dueAt: z.string(),
          counts,
          extra: z.literal(true).optional().describe('An admin sent it beside the plan'),
          missedUntil: z.string().optional().describe('Nobody heard it: the server was down until then'),
        }),
      ),
    })
    .optional()
    .describe('Of one with a plan: where it stands, and its latest occurrences, the last first'),
  recipients: z.array(
    z.object({
      userId: z.string().optional(),
      chat: z.string().optional().describe('A chat, by the name that it was called by'),
      state,
      dueAt: z.string().optional().describe('Of one with a plan: the occurrence'),
      at: z.string().describe('When it fell due or was finished, ISO 8601'),
      attempts: z.int().describe('Tries, also the one that came through'),
      possibleDuplicates: z.int().describe('How often it may have arrived once more'),
      waiting: z
        .enum(['pause', 'mute', 'quiet hours'])
        .optional()
        .describe('While it is queued: the person has paused, wishes for silence, or it is their quiet hours'),
      error: z.string().optional().describe("The messenger's own sentence, while it has not been sent"),
    }),
  ),
  next: z.string().optional(),
})

export const notificationStatus = defineEndpoint(
  'notifications/status',
  { summary: 'What became of a notification: each recipient, and how many are in each state.', params, answer },
  async ({ after, limit, dueAt, ...names }, { record: bot }) => {
    const status = await statusOf(bot, nameOf(names), { after, limit, dueAt })
    if (!status) throw new UserError('api.notificationNotFound')
    const { schedule, madeAt, recipients, ...rest } = status
    return {
      ...{ ...rest, madeAt: madeAt.toISOString() },
      ...(schedule && { schedule: shownSchedule(schedule) }),
      recipients: recipients.map(({ at, dueAt: due, ...recipient }) => ({
        ...recipient,
        ...(schedule && { dueAt: due.toISOString() }),
        at: at.toISOString(),
      })),
    }
  },
)

function shownSchedule({ nextAt, occurrences, ...schedule }: NonNullable<Status['schedule']>) {
  return {
    ...schedule,
    ...(nextAt && { scheduledFor: nextAt.toISOString() }),
    occurrences: occurrences.map(({ dueAt, missedUntil, ...occurrence }) => ({
      dueAt: dueAt.toISOString(),
      ...occurrence,
      ...(missedUntil && { missedUntil: missedUntil.toISOString() }),
    })),
  }
}
