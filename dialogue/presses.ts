import { GrammyError, type Middleware } from 'grammy'
import type { Update } from 'grammy/types'
import { t } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import { decode, type MenuCall } from '../models/callback-data.ts'
import type { Kind } from './kind.ts'
import type { Menus } from './menus.ts'
import { inviteToPrivate, isPrivate, privateParts } from './private-parts.ts'
import type { AnyScene } from './scene.ts'
import { enter } from './scenes.ts'
import type { VisitContext } from './visit.ts'

/** Buttons of menus, which lead out of a running scene, and of "leave this?". What a scene has asked goes on to the scene. */
export function presses(menus: Menus, kind: Kind, scenes: readonly AnyScene[]): Middleware<VisitContext> {
  const known = new Set(scenes.map(({ id }) => id))
  const parts = privateParts(kind)
  return async (ctx, next) => {
    const data = ctx.callbackQuery?.data
    const meaning = data === undefined ? undefined : await decode(data)
    if (!meaning || 'choice' in meaning) return next()
    if (ctx.visit.group && isPrivate(meaning, parts)) return inviteToPrivate(ctx)
    if ('menu' in meaning) return openMenu(ctx, menus, meaning, next)
    if ('leaveFor' in meaning) return leave(ctx, meaning, next)
    if (!known.has(meaning.scene)) return next()
    await ctx.answerCallbackQuery()
    await ctx.conversation.exitAll()
    ctx.visit.entering = meaning
    await next()
  }
}

async function openMenu(ctx: VisitContext, menus: Menus, call: MenuCall, next: () => Promise<void>): Promise<void> {
  const { chat, group: inGroup } = ctx.visit
  const { personId: id, name, locale } = ctx.visit.person
  try {
    const page = await menus.open(call, { id, name, locale, inGroup })
    if (!page) return await next()
    await ctx.conversation.exitAll()
    const { text, ...rest } = await menus.message(page)
    const edited = await editInPlace(ctx, text, rest)
    if (!edited) await ctx.api.sendMessage(chat, text, rest)
    await ctx.answerCallbackQuery(page.toast)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await ctx.answerCallbackQuery({ text: t(locale, error.key, error.params), show_alert: true })
  }
}

/** Answers false when the message can no longer be edited (deleted, too old). */
async function editInPlace(
  ctx: VisitContext,
  text: string,
  rest: Parameters<VisitContext['editMessageText']>[1],
): Promise<boolean> {
  try {
    await ctx.editMessageText(text, rest)
    return true
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 400) throw error
    return error.description.includes('message is not modified')
  }
}

/** The answer to "leave this?": an empty command is *Stay*. In a group others may press it, for whom it is not. */
async function leave(
  ctx: VisitContext,
  { leaveFor: command, of }: { leaveFor: string; of: number },
  next: () => Promise<void>,
): Promise<void> {
  const { locale, personId } = ctx.visit.person
  if (of !== personId) return next()
  await ctx.answerCallbackQuery()
  if (!command) {
    await editInPlace(ctx, t(locale, 'dialogue.stayed'), {})
    return
  }
  await ctx.conversation.exitAll()
  await editInPlace(ctx, t(locale, 'dialogue.cancelled'), {})
  // The press goes on as the command that the person had typed.
  Object.assign(ctx, { update: typed(ctx, command) })
  await next()
}

function typed(ctx: VisitContext, text: string): Update {
  const { message, from } = ctx.callbackQuery ?? {}
  if (!message || !from) throw new Error('A button without its message was pressed')
  return { update_id: ctx.update.update_id, message: { ...message, from, text } as NonNullable<Update['message']> }
}

/** A press that nothing took: its question is answered or its scene is over. A polite word, and, where nobody else is, a fresh beginning. */
export function stalePresses({ skills }: Kind): Middleware<VisitContext> {
  const fresh = skills.find((skill) => skill.otherwise)?.otherwise
  return async (ctx, next) => {
    if (!ctx.callbackQuery) return next()
    const { group, person } = ctx.visit
    await ctx.answerCallbackQuery(t(person.locale, group ? 'group.notYourButton' : 'error.staleButton'))
    if (fresh && !group) await enter(ctx, { scene: fresh.id, args: { payload: '' } })
  }
}
