import type { z } from 'zod'
import { UserError } from '../../config/user-error.ts'
import type { findAudience, NotReached } from '../../delivery/audience.ts'
import { notify, type Receipt } from '../../delivery/notify.ts'
import type { Answer, Call } from '../../dialogue/endpoint.ts'
import { type givenUserId, userIdOf } from '../../directory/user-id.ts'
import type { BotRecord } from '../../models/bot.ts'
import { contentOf, type notifyParams } from './notify-params.ts'
import { rememberedCall } from './repeated-answer.ts'

/** A call of notify, and whom it turned out to reach. */
export type NotifyCall = {
  bot: BotRecord
  params: z.output<typeof notifyParams>
  found: Awaited<ReturnType<typeof findAudience<z.output<typeof givenUserId>>>>
  /** What the answer says of those who are not reached or were not found. */
  missing: {
    notReached?: NotReached<z.output<typeof givenUserId>>[]
    notFound?: z.output<typeof givenUserId>[]
  }
  call: Call
}

/** Says it at once. @returns `taken` when the call's Idempotency-Key was used before */
export async function sayNow({
  bot,
  params,
  found: { persons, chats },
  missing,
  call,
}: NotifyCall): Promise<Answer | 'taken'> {
  if ([...persons, ...chats].every(({ stopped }) => stopped))
    throw new UserError(persons.length > 0 ? 'api.allStopped' : 'api.notInChats')
  const answerTo = ({ notificationId, queued, stopped }: Receipt): Answer => ({
    notificationId,
    queued,
    ...(stopped > 0 && { stopped }),
    ...missing,
    ...(call.held && { held: true }),
  })
  const receipt = await notify(bot, {
    content: contentOf(params),
    persons,
    chats,
    userIds: params.userIds.map(userIdOf),
    madeBy: { apiKey: call.apiKey._id },
    once: params.once,
    critical: params.critical,
    reference: params.reference,
    ...(params.expiresAt && { expiresAt: params.expiresAt }),
    ...rememberedCall(call, answerTo),
  })
  return receipt === 'taken' ? receipt : answerTo(receipt)
}
