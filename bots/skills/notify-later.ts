import { schedule } from '../../delivery/schedule.ts'
import type { Answer } from '../../dialogue/endpoint.ts'
import { userIdOf } from '../../directory/user-id.ts'
import { setAlarm } from '../../jobs/alarm.ts'
import type { Plan, ScheduledNotification } from '../../models/notification.ts'
import type { NotifyCall } from './notify-now.ts'
import { contentOf } from './notify-params.ts'
import { rememberedCall } from './repeated-answer.ts'

/** Says it on the dates of a plan. @returns `taken` when the call's Idempotency-Key was used before */
export async function sayLater(
  plan: Plan,
  { bot, params, found, missing, call }: NotifyCall,
): Promise<Answer | 'taken'> {
  const answerTo = ({ _id, nextAt }: ScheduledNotification): Answer => ({
    notificationId: String(_id),
    scheduledFor: nextAt.toISOString(),
    reaches: [...found.persons, ...found.chats].filter(({ stopped }) => !stopped).length,
    ...missing,
    ...(call.held && { held: true }),
  })
  const scheduled = await schedule(bot, {
    content: contentOf(params),
    plan,
    audience: {
      userIds: params.userIds.map(userIdOf),
      persons: found.keyed.map(({ personId }) => personId),
      ...(params.chats.length > 0 && { chats: params.chats }),
    },
    madeBy: { apiKey: call.apiKey._id },
    once: params.once,
    critical: params.critical,
    reference: params.reference,
    expiresAt: params.expiresAt,
    ...rememberedCall(call, answerTo),
  })
  if (scheduled === 'taken') return scheduled
  await setAlarm(scheduled)
  return answerTo(scheduled)
}
