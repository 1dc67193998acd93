import { InlineKeyboard, type Middleware } from 'grammy'
import { t } from '../config/i18n.ts'
import { locales } from '../config/locales.ts'
import { encode } from '../models/callback-data.ts'
import { type Command, commandOf } from './command.ts'
import { isForOthers } from './groups.ts'
import type { Kind } from './kind.ts'
import { inviteToPrivate, privateParts } from './private-parts.ts'
import { enter } from './scenes.ts'
import type { OpenScene } from './skill.ts'
import type { VisitContext } from './visit.ts'

/** These leave a running dialogue without asking. */
const leaving = new Set(['start', 'stop', 'cancel'])

/**
 * A scene never takes a command for an answer: /start and /cancel leave the running scene, others ask first, unknown
 * ones are called so.
 * In a group what may be for another bot is left alone, and what is private is not begun.
 */
export function commandsFirst(kind: Kind, buttonBytes: number): Middleware<VisitContext> {
  const known = commandsOf(kind)
  const { commands: privately } = privateParts(kind)
  return async (ctx, next) => {
    const command = commandOf(ctx)
    if (!command) return next()
    const busy = Object.keys(ctx.conversation.active()).length > 0
    const { chat, group } = ctx.visit
    const { locale } = ctx.visit.person
    const cancels = command.name === 'cancel' && !known.has('cancel')
    if (group && isForOthers(command, known.has(command.name) || (cancels && busy))) return
    if (cancels && command.to !== 'another') {
      await ctx.conversation.exitAll()
      // With the scene goes the button by which it had asked for a phone number.
      const other = group ? {} : { reply_markup: { remove_keyboard: true as const } }
      await ctx.api.sendMessage(chat, t(locale, busy ? 'dialogue.cancelled' : 'dialogue.nothingToCancel'), other)
    } else if (!known.has(command.name) || command.to === 'another') {
      await ctx.api.sendMessage(chat, t(locale, 'error.unknownCommand'))
    } else if (group && privately.has(command.name)) {
      await inviteToPrivate(ctx)
    } else if (!busy || leaving.has(command.name)) {
      await ctx.conversation.exitAll()
      await next()
    } else {
      await askToLeave(ctx, command, buttonBytes)
    }
  }
}

async function askToLeave(ctx: VisitContext, { name, payload }: Command, buttonBytes: number): Promise<void> {
  const { chat, person } = ctx.visit
  const { locale, personId: of } = person
  const keyboard = new InlineKeyboard()
    .text(t(locale, 'dialogue.leaveYes'), await encode({ leaveFor: `/${name} ${payload}`, of }, buttonBytes))
    .text(t(locale, 'dialogue.leaveNo'), await encode({ leaveFor: '', of }, buttonBytes))
  await ctx.api.sendMessage(chat, t(locale, 'dialogue.leave', { command: name }), { reply_markup: keyboard })
}

/** Begins the scene of a command. */
export function offerCommands(kind: Kind): Middleware<VisitContext> {
  const known = commandsOf(kind)
  return async (ctx, next) => {
    const command = commandOf(ctx)
    const scene = command && known.get(command.name)
    if (!scene) return next()
    await enter(ctx, { scene: scene.id, args: { payload: command.payload } })
  }
}

/** Begins the scene of a phrase, in whatever of our languages it is said. */
export function offerPhrases({ skills }: Kind): Middleware<VisitContext> {
  const phrases = new Map<string, OpenScene>()
  for (const [key, scene] of skills.flatMap((skill) => Object.entries(skill.phrases ?? {}))) {
    for (const locale of locales) {
      for (const phrase of t(locale, key as Parameters<typeof t>[1]).split('|')) phrases.set(bare(phrase), scene)
    }
  }
  return async (ctx, next) => {
    const scene = phrases.get(bare(ctx.message?.text ?? ''))
    if (!scene) return next()
    await enter(ctx, { scene: scene.id, args: { payload: '' } })
  }
}

/**
 * A phrase without what does not count: letter case, quotes, spaces, the full stop; one apostrophe for all that
 * people type.
 */
function bare(text: string): string {
  const letters = text.toLowerCase().replace(/[ʻʼ‘’`]/g, "'")
  return letters.replace(/^[\s"'«»„“”.!]+|[\s"'«»„“”.!]+$/g, '').replace(/\s+/g, ' ')
}

/** What answers a message that nothing else took. */
export function otherwise({ skills }: Kind): Middleware<VisitContext> {
  const scene = skills.find((skill) => skill.otherwise)?.otherwise
  return async (ctx, next) => {
    // Message 0 stands for a delivery's arrival, which nobody wrote.
    if (!scene || !ctx.message?.message_id) return next()
    await enter(ctx, { scene: scene.id, args: { payload: ctx.message.text ?? '' } })
  }
}

function commandsOf({ skills }: Kind): Map<string, OpenScene> {
  return new Map(skills.flatMap((skill) => Object.entries(skill.commands ?? {})))
}
