import { type Command, commandOf } from './command.ts'
import { answeredBy } from './sender.ts'
import type { VisitContext } from './visit.ts'

type Next = () => Promise<void>

/** In a group most of what is said is for others: answers to them, and what is neither words nor an answer to the bot, go by. */
export async function overhear(ctx: VisitContext, next: Next): Promise<void> {
  const { message, me, visit } = ctx
  if (!visit.group || !message || commandOf(ctx)) return next()
  const answered = answeredBy(message)
  const forUs = answered === undefined ? message.text !== undefined : answered === me.id
  if (forUs) await next()
}

/** Whether a command in a group is for another bot, or for one that knows it. */
export function isForOthers({ to }: Command, known: boolean): boolean {
  return to === 'another' || (to === 'anyone' && !known)
}

/** What nobody has asked a bot for it does in private chats only. */
export async function notInGroups(ctx: VisitContext, next: Next): Promise<void> {
  if (!ctx.visit.group) await next()
}
