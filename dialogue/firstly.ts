import type { Middleware } from 'grammy'
import { commandOf } from './command.ts'
import type { Kind } from './kind.ts'
import { arrival } from './sender.ts'
import type { VisitContext } from './visit.ts'

/**
 * What somebody has to hear before anything else: it takes the place of what they wrote or pressed, and of a running
 * scene.
 */
export function firstThings({ skills }: Kind): Middleware<VisitContext> {
  const first = skills.flatMap(({ firstly }) => firstly ?? [])
  return async (ctx, next) => {
    const { person, group, entering, chat } = ctx.visit
    const one = group || entering ? undefined : first.find(({ concerns }) => concerns(person))
    if (!one) return next()
    if (ctx.callbackQuery) await ctx.answerCallbackQuery()
    await ctx.conversation.exitAll()
    ctx.visit.entering = { scene: one.scene.id, args: { payload: commandOf(ctx)?.payload ?? '' } }
    Object.assign(ctx, { update: arrival({ chat, personId: person.personId }) })
    await next()
  }
}
