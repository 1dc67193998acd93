import type { Middleware } from 'grammy'
import type { BotHandle } from './bot-handle.ts'
import { type Command, commandOf } from './command.ts'
import type { Kind } from './kind.ts'
import { inviteToPrivate } from './private-parts.ts'
import { answeredBy } from './sender.ts'
import type { VisitContext } from './visit.ts'

type Next = () => Promise<void>

/**
 * In a group most of what is said is for others: answers to them, and what is neither words nor an answer to the bot,
 * go by.
 */
export async function overhear(ctx: VisitContext, next: Next): Promise<void> {
  const { message, me, visit } = ctx
  if (!visit.group || !message || commandOf(ctx)) return next()
  const answered = answeredBy(message)
  const forUs =
    answered === undefined ? message.text !== undefined || message.contact !== undefined : answered === me.id
  if (forUs) await next()
}

/** Whether a command in a group is for another bot, or for one that knows it. */
export function isForOthers({ to }: Command, known: boolean): boolean {
  return to === 'another' || (to === 'anyone' && !known)
}

/**
 * What nobody has asked a bot for it does in private chats only; who says there what is confidential is led to the
 * own one.
 */
export function notInGroups({ skills }: Kind, bot: BotHandle): Middleware<VisitContext> {
  const confidential = skills.flatMap((skill) => skill.confidential ?? [])
  return async (ctx, next) => {
    if (!ctx.visit.group) return next()
    const { text, contact } = ctx.message ?? {}
    const isConfidential = contact ? confidential.length > 0 : confidential.some((isIt) => isIt(text ?? '', bot.record))
    if (isConfidential) await inviteToPrivate(ctx)
  }
}
