import { z } from 'zod'
import { nameOfActor } from '../../acts/names.ts'
import { cancel, scheduledAfter } from '../../acts/notifications.ts'
import { defineEndpoint } from '../../dialogue/endpoint.ts'
import type { BotRecord } from '../../models/bot.ts'
import { deliveryStates } from '../../models/delivery.ts'
import type { ScheduledNotification } from '../../models/notification.ts'
import { answeredId } from './answered-id.ts'
import { hasOneName, nameOf, notificationName, oneName } from './named-notification.ts'

export const cancelNotification = defineEndpoint(
  'notifications/cancel',
  {
    summary: 'Sends nothing more of a notification; what was sent stays. Cancelling twice is success.',
    params: z
      .object(notificationName)
      .refine(hasOneName, oneName)
      .meta({ examples: [{ reference: 'order-42' }] }),
    answer: z.object({
      notificationId: z.string(),
      counts: z.partialRecord(z.enum(deliveryStates), z.int()).describe('What became of it'),
    }),
  },
  async (names, { record: bot }, { apiKey }) => {
    const { id, counts } = await cancel({ apiKey: apiKey._id }, bot._id, nameOf(names))
    return { notificationId: id, counts }
  },
)

const mostListed = 100
const usersShown = 20

const schedule = z.object({
  notificationId: z.string(),
  reference: z.string().optional(),
  scheduledFor: z.string().describe('When it falls due next, ISO 8601'),
  cron: z.string().optional(),
  timezone: z.string().optional(),
  until: z.string().optional(),
  times: z.int().optional(),
  fired: z.int().describe('How often it has fallen due'),
  whom: z.object({
    userIds: z.array(z.string()).describe(`The first ${usersShown} of them`),
    users: z.int(),
    persons: z.int().describe('People whom their keys, or an admin, named'),
    everybody: z.literal(true).optional(),
    chats: z.array(z.string()).optional().describe('Chats, by their names'),
  }),
  madeBy: z.string().optional().describe('The name of the API key, or of the admin'),
  madeAt: z.string(),
})

export const listNotifications = defineEndpoint(
  'notifications/list',
  {
    summary: 'The notifications that are scheduled, in the order they were made.',
    params: z.object({
      after: answeredId.optional().describe('`next` of the answer before, for the next page'),
      limit: z.int().min(1).max(mostListed).default(mostListed),
    }),
    answer: z.object({ notifications: z.array(schedule), next: z.string().optional() }),
  },
  async (page, { record: bot }, { apiKey }) => {
    const { schedules, next } = await scheduledAfter({ apiKey: apiKey._id }, bot._id, page)
    return { notifications: await Promise.all(schedules.map((one) => shown(bot, one))), ...(next && { next }) }
  },
)

async function shown(bot: BotRecord, notification: ScheduledNotification): Promise<z.output<typeof schedule>> {
  const { _id, reference, nextAt, fired, plan, audience, madeAt, madeBy } = notification
  const { userIds, persons, everybody, chats } = audience
  const maker = await nameOfActor(bot.server, madeBy)
  return {
    notificationId: String(_id),
    ...(reference != null && { reference }),
    scheduledFor: nextAt.toISOString(),
    ...('cron' in plan && { ...plan, until: plan.until?.toISOString() }),
    fired,
    whom: {
      userIds: userIds.slice(0, usersShown),
      users: userIds.length,
      persons: persons.length,
      ...(everybody && { everybody }),
      ...(chats?.length && { chats }),
    },
    ...(maker !== null && { madeBy: maker }),
    madeAt: madeAt.toISOString(),
  }
}
