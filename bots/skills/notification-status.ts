import { z } from 'zod'
import { UserError } from '../../config/user-error.ts'
import { statusOf } from '../../delivery/status.ts'
import { defineEndpoint } from '../../dialogue/endpoint.ts'
import { deliveryStates } from '../../models/delivery.ts'
import { answeredId } from './answered-id.ts'

const mostRecipients = 1000

const params = z
  .object({
    notificationId: answeredId.optional(),
    reference: z.string().min(1).max(128).optional().describe('Your own name for it; of several the latest counts'),
    after: answeredId.optional().describe('`next` of the answer before, for the next page'),
    limit: z.int().min(1).max(mostRecipients).default(mostRecipients),
  })
  .refine(({ notificationId, reference }) => (notificationId === undefined) !== (reference === undefined), {
    path: ['notificationId'],
    message: 'give either notificationId or reference',
  })
  .meta({ examples: [{ reference: 'order-42' }] })

const state = z.enum(deliveryStates)
const answer = z.object({
  notificationId: z.string(),
  reference: z.string().optional(),
  madeAt: z.string().describe('ISO 8601'),
  counts: z.partialRecord(state, z.int()).describe('How many recipients are in each state; their sum is the audience'),
  recipients: z.array(
    z.object({
      userId: z.string().optional(),
      state,
      at: z.string().describe('When it fell due or was finished, ISO 8601'),
      attempts: z.int().describe('Tries, also the one that came through'),
      possibleDuplicates: z.int().describe('How often it may have arrived once more'),
      error: z.string().optional().describe("The messenger's own sentence, while it has not been sent"),
    }),
  ),
  next: z.string().optional(),
})

export const notificationStatus = defineEndpoint(
  'notifications/status',
  { summary: 'What became of a notification: each recipient, and how many are in each state.', params, answer },
  async ({ notificationId, reference, after, limit }, { record: bot }) => {
    const name = reference === undefined ? { notificationId: notificationId ?? '' } : { reference }
    const status = await statusOf(bot, name, { after, limit })
    if (!status) throw new UserError('api.notificationNotFound')
    const recipients = status.recipients.map((recipient) => ({ ...recipient, at: recipient.at.toISOString() }))
    return { ...status, madeAt: status.madeAt.toISOString(), recipients }
  },
)
