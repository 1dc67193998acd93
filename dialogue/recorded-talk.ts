import type { Conversation } from '@grammyjs/conversations'
import { type Context, GrammyError, InlineKeyboard } from 'grammy'
import type { Message } from 'grammy/types'
import { escapeHtml } from '../bot-api/html.ts'
import { type TextKey, type TextParams, t, tHtml } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import { UserError } from '../config/user-error.ts'
import type { MenuCall } from '../models/callback-data.ts'
import { choiceData } from '../models/callback-data.ts'
import { Person } from '../models/person.ts'
import { storeTime } from '../models/store-clock.ts'
import { chosenOf, textOf } from './answers.ts'
import type { BotHandle } from './bot-handle.ts'
import { rowsOf } from './button-rows.ts'
import type { Menu } from './menu.ts'
import type { Menus } from './menus.ts'
import { answeredBy } from './sender.ts'
import type { Option, Talk, TextAnswer } from './talk.ts'
import type { VisitContext } from './visit.ts'

type Scene = Conversation<VisitContext, Context>
/** Dialogues that began before there were groups have recorded none. */
type Place = { chat: number; group?: boolean }
type Outcome<T> = { value: T } | { refused: { key: TextKey; params: TextParams } }

/** `Talk` over a grammY conversation, whose replay engine records every step. */
export class RecordedTalk implements Talk {
  readonly bot: BotHandle
  readonly chat: number
  readonly inGroup: boolean
  readonly conversation: Scene
  person: Talk['person']
  ctx: Context
  readonly #menus: Menus
  #effects = 0

  private constructor(bot: BotHandle, menus: Menus, conversation: Scene, ctx: Context, person: Talk['person'] & Place) {
    this.bot = bot
    this.#menus = menus
    this.conversation = conversation
    this.ctx = ctx
    this.chat = person.chat
    this.inGroup = person.group ?? false
    this.person = person
  }

  static async begin(bot: BotHandle, menus: Menus, conversation: Scene, ctx: Context): Promise<RecordedTalk> {
    const person = await conversation.external(({ visit }) => {
      const { personId: id, name, username, locale } = visit.person
      const { chat, group } = visit
      return { id, name, username: username ?? undefined, locale, chat, group }
    })
    return new RecordedTalk(bot, menus, conversation, ctx, person)
  }

  t(key: TextKey, params?: TextParams): string {
    return t(this.person.locale, key, params)
  }

  say(key: TextKey, params?: TextParams): Promise<Message> {
    return this.ctx.api.sendMessage(this.chat, tHtml(this.person.locale, key, params), { parse_mode: 'HTML' })
  }

  async show<Args extends string[]>(menu: MenuCall | Menu<Args>, ...args: Args): Promise<void> {
    const call = 'with' in menu ? menu.with(...args) : menu
    const { text, ...rest } = await this.effect(`show ${call.menu}`, async () => {
      const page = await this.#menus.open(call, { ...this.person, inGroup: this.inGroup })
      if (!page) throw new Error(`Menu "${call.menu}" is in no skill of the kind "${this.bot.record.kind}"`)
      return this.#menus.message(page)
    })
    await this.ctx.api.sendMessage(this.chat, text, rest)
  }

  async ask<T = string>(
    key: TextKey,
    params?: TextParams,
    check: (answer: TextAnswer) => T | Promise<T> = ({ text }) => text as T,
  ): Promise<T> {
    await this.#question(this.ctx, key, params)
    let accepted: { value: T } | undefined
    this.ctx = await this.conversation.waitUntil(
      async (ctx) => {
        const answer = textOf(ctx)
        if (!answer) return this.#refuse(ctx, 'error.textPlease')
        accepted = await this.#checked(ctx, answer, check)
        return accepted !== undefined
      },
      { collationKey: 'ask' },
    )
    return (accepted as unknown as { value: T }).value
  }

  async choose<Value extends string>(
    key: TextKey,
    options: readonly (Value | Option<Value>)[],
    params?: TextParams,
  ): Promise<Value> {
    const answer = await this.#choice<Value, never>(key, options, params)
    return (answer as { chosen: Value }).chosen
  }

  chooseOrType<Value extends string, T>(
    key: TextKey,
    options: readonly (Value | Option<Value>)[],
    params: TextParams,
    check: (answer: TextAnswer) => T | Promise<T>,
  ): Promise<{ chosen: Value } | { typed: T }> {
    return this.#choice(key, options, params, check)
  }

  async effect<T>(name: string, run: (key: string) => Promise<T>): Promise<T> {
    const step = ++this.#effects
    const outcome = await this.#outcome((eventId) => run(`${eventId}:${name}:${step}`))
    if ('refused' in outcome) throw new UserError(outcome.refused.key, outcome.refused.params)
    return outcome.value
  }

  async now(): Promise<Date> {
    return new Date(await this.conversation.external(() => storeTime().getTime()))
  }

  random(): Promise<number> {
    return this.conversation.random()
  }

  forget(messageId: number): Promise<boolean> {
    return tolerate(this.ctx.api.deleteMessage(this.chat, messageId))
  }

  async speak(locale: Locale): Promise<void> {
    const { id } = this.person
    await this.effect('speak', () => Person.speak(this.bot.record._id, id, locale))
    this.person = { ...this.person, locale }
  }

  /** Runs something once and records how it ended. It is made JSON at once, so that the first run sees what a replay will see. */
  #outcome<T>(run: (eventId: string) => Promise<T>): Promise<Outcome<T>> {
    return this.conversation.external(async ({ visit }) => {
      try {
        return JSON.parse(JSON.stringify({ value: await run(visit.eventId) }))
      } catch (error) {
        if (error instanceof UserError) return { refused: { key: error.key, params: error.params } }
        throw error
      }
    })
  }

  /** With `check` a text counts too. */
  async #choice<Value extends string, T>(
    key: TextKey,
    options: readonly (Value | Option<Value>)[],
    params?: TextParams,
    check?: (answer: TextAnswer) => T | Promise<T>,
  ): Promise<{ chosen: Value } | { typed: T }> {
    // Recorded as they were asked: a new wording or order must not change what an answer meant.
    const { choice, choices } = await this.conversation.external(() => ({
      choice: crypto.randomUUID().slice(0, 8),
      choices: options.map((option) => (typeof option === 'string' ? { value: option, label: option } : option)),
    }))
    const keys = choices.map(({ label }, index) => InlineKeyboard.text(label, choiceData(choice, index)))
    const asked = this.#addressed(this.ctx, tHtml(this.person.locale, key, params))
    const question = await this.ctx.api.sendMessage(this.chat, asked, {
      parse_mode: 'HTML',
      reply_markup: { inline_keyboard: rowsOf(keys) },
      ...this.#replying(this.ctx),
    })
    let answer: { label: string; given: { chosen: Value } | { typed: T } } | undefined
    this.ctx = await this.conversation.waitUntil(
      async (ctx) => {
        const chosen = chosenOf(ctx, choice, choices)
        if (chosen) answer = { label: chosen.label, given: { chosen: chosen.value } }
        if (chosen) return true
        if (this.#isAside(ctx)) return false
        const words = check && textOf(ctx)
        if (!words) return this.#refuse(ctx, 'error.chooseFromButtons')
        const typed = await this.#checked(ctx, words, check)
        if (typed) answer = { label: words.text, given: { typed: typed.value } }
        return typed !== undefined
      },
      { collationKey: 'choose' },
    )
    if (this.ctx.callbackQuery) await this.ctx.answerCallbackQuery()
    const { label, given } = answer as unknown as NonNullable<typeof answer>
    const answered = `${asked}\n\n<b>${escapeHtml(label)}</b>`
    await tolerate(this.ctx.api.editMessageText(this.chat, question.message_id, answered, { parse_mode: 'HTML' }))
    return given
  }

  /** What an answer means; undefined when it was refused, which has been said then. */
  async #checked<T>(
    ctx: Context,
    answer: TextAnswer,
    check: (answer: TextAnswer) => T | Promise<T>,
  ): Promise<{ value: T } | undefined> {
    const outcome = await this.#outcome(async () => check(answer))
    if (!('refused' in outcome)) return outcome
    await this.#refuse(ctx, outcome.refused.key, outcome.refused.params)
    return undefined
  }

  async #refuse(ctx: Context, key: TextKey, params?: TextParams): Promise<false> {
    if (ctx.callbackQuery)
      await ctx.answerCallbackQuery(this.t(this.inGroup ? 'group.notYourButton' : 'error.staleButton'))
    else await this.#question(ctx, key, params)
    return false
  }

  /** Says what is to be answered by a text. */
  async #question(ctx: Context, key: TextKey, params?: TextParams): Promise<void> {
    const text = this.#addressed(ctx, tHtml(this.person.locale, key, params))
    const asksReply = this.inGroup && { reply_markup: { force_reply: true as const, selective: true } }
    await ctx.api.sendMessage(this.chat, text, { parse_mode: 'HTML', ...asksReply, ...this.#replying(ctx) })
  }

  /** In a group a question answers the message of the person whom it is for, or names them when it was a press. */
  #replying({ message }: Context) {
    if (!this.inGroup || !message) return {}
    return { reply_parameters: { message_id: message.message_id, allow_sending_without_reply: true } }
  }

  #addressed({ message }: Context, text: string): string {
    if (!this.inGroup || message) return text
    return `<a href="tg://user?id=${this.person.id}">${escapeHtml(this.person.name)}</a>: ${text}`
  }

  /** In a group people also talk to each other while a question is open. */
  #isAside({ message, me }: Context): boolean {
    return this.inGroup && message !== undefined && answeredBy(message) !== me.id
  }
}

/** For what is nice to have: answers whether the messenger did it. */
async function tolerate(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    return true
  } catch (error) {
    if (error instanceof GrammyError) return false
    throw error
  }
}
