import type { Conversation } from '@grammyjs/conversations'
import type { Context } from 'grammy'
import { type TextKey, type TextParams, t, tHtml } from '../config/i18n.ts'
import { UserError } from '../config/user-error.ts'
import { addressed, replying } from './in-group.ts'
import type { Talk, TextAnswer } from './talk.ts'
import type { VisitContext } from './visit.ts'

export type Scene = Conversation<VisitContext, Context>
/** Turns an answer into a value, or throws a UserError. */
export type Check<T> = (answer: TextAnswer) => T | Promise<T>
export type WithoutKeyboard = { reply_markup?: { remove_keyboard: true } }
type Outcome<T> = { value: T } | { refused: { key: TextKey; params: TextParams } }

/**
 * Runs something once and records how it ended. It is made JSON at once, so that the first run sees what a replay
 * will see.
 */
export function outcomeOf<T>(scene: Scene, run: (eventId: string) => Promise<T>): Promise<Outcome<T>> {
  return scene.external(async ({ visit }) => {
    try {
      return JSON.parse(JSON.stringify({ value: await run(visit.eventId) }))
    } catch (error) {
      if (error instanceof UserError) return { refused: { key: error.key, params: error.params } }
      throw error
    }
  })
}

/** Asks in words, and says what is wrong with an answer, so that it is given again. */
export class Asking {
  readonly #talk: Pick<Talk, 'person' | 'inGroup' | 'chat'>
  readonly #scene: Scene

  constructor(talk: Pick<Talk, 'person' | 'inGroup' | 'chat'>, scene: Scene) {
    this.#talk = talk
    this.#scene = scene
  }

  /**
   * Says what is to be answered by a text, and takes a keyboard away that stands under a private chat, if `other`
   * says so.
   */
  async ask(ctx: Context, key: TextKey, params?: TextParams, other: WithoutKeyboard = {}): Promise<void> {
    const { chat, inGroup, person } = this.#talk
    const text = addressed(this.#talk, ctx, tHtml(person.locale, key, params))
    const asksReply = inGroup && { reply_markup: { force_reply: true as const, selective: true } }
    await ctx.api.sendMessage(chat, text, { parse_mode: 'HTML', ...other, ...asksReply, ...replying(this.#talk, ctx) })
  }

  /** What an answer means; undefined when it was refused, which has been said then. */
  async checked<T>(ctx: Context, answer: TextAnswer, check: Check<T>): Promise<{ value: T } | undefined> {
    const outcome = await outcomeOf(this.#scene, async () => check(answer))
    if (!('refused' in outcome)) return outcome
    await this.refuse(ctx, outcome.refused.key, outcome.refused.params)
    return undefined
  }

  async refuse(ctx: Context, key: TextKey, params?: TextParams): Promise<false> {
    const { inGroup, person } = this.#talk
    if (ctx.callbackQuery)
      await ctx.answerCallbackQuery(t(person.locale, inGroup ? 'group.notYourButton' : 'error.staleButton'))
    else await this.ask(ctx, key, params)
    return false
  }
}
