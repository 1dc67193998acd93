import { type Context, InlineKeyboard } from 'grammy'
import type { Message } from 'grammy/types'
import { escapeHtml } from '../bot-api/html.ts'
import { type TextKey, type TextParams, t, tHtml } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import { UserError } from '../config/user-error.ts'
import type { MenuCall } from '../models/callback-data.ts'
import { choiceData } from '../models/callback-data.ts'
import { Person, roleOf } from '../models/person.ts'
import { storeTime } from '../models/store-clock.ts'
import { chosenOf, contactOf, textOf } from './answers.ts'
import { Asking, type Check, outcomeOf, type Scene, type WithoutKeyboard } from './asking.ts'
import type { BotHandle } from './bot-handle.ts'
import { rowsOf } from './button-rows.ts'
import { addressed, isAside, replying } from './in-group.ts'
import type { Menu } from './menu.ts'
import type { Menus } from './menus.ts'
import type { Contact, Meanwhile, Option, Talk } from './talk.ts'
import type { TalkParts } from './talk-parts.ts'
import { tolerate } from './tolerate.ts'

/** Dialogues that began before there were groups have recorded none. */
type Place = { chat: number; group?: boolean }
/** What counts as an answer beside the buttons, and what is done between the question and the answer. */
type Beside<T> = {
  check?: Check<T>
  contact?: boolean
  meanwhile?: Meanwhile | undefined
}

/** `Talk` over a grammY conversation, whose replay engine records every step. */
export class RecordedTalk implements Talk {
  readonly bot: BotHandle
  readonly chat: number
  readonly inGroup: boolean
  readonly conversation: Scene
  person: Talk['person']
  ctx: Context
  readonly #menus: Menus
  readonly #asking: Asking
  readonly #phoneProof: boolean
  #effects = 0
  /** The button that shares the phone number stands under the chat until it is taken away. */
  #contactKey = false

  private constructor(
    { bot, menus, phoneProof }: TalkParts,
    conversation: Scene,
    ctx: Context,
    person: Talk['person'] & Place,
  ) {
    this.bot = bot
    this.#menus = menus
    this.#phoneProof = phoneProof
    this.conversation = conversation
    this.ctx = ctx
    this.chat = person.chat
    this.inGroup = person.group ?? false
    this.person = person
    this.#asking = new Asking(this, conversation)
  }

  static async begin(parts: TalkParts, conversation: Scene, ctx: Context): Promise<RecordedTalk> {
    const person = await conversation.external(({ visit }) => {
      const { personId: id, name, username, locale } = visit.person
      const { chat, group } = visit
      return { id, name, username: username ?? undefined, locale, chat, group }
    })
    return new RecordedTalk(parts, conversation, ctx, person)
  }

  t(key: TextKey, params?: TextParams): string {
    return t(this.person.locale, key, params)
  }

  say(key: TextKey, params?: TextParams): Promise<Message> {
    const text = tHtml(this.person.locale, key, params)
    return this.ctx.api.sendMessage(this.chat, text, { parse_mode: 'HTML', ...this.#withoutContactKey() })
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

  async ask<T = string>(key: TextKey, params?: TextParams, check: Check<T> = ({ text }) => text as T): Promise<T> {
    await this.#asking.ask(this.ctx, key, params, this.#withoutContactKey())
    let accepted: { value: T } | undefined
    this.ctx = await this.conversation.waitUntil(
      async (ctx) => {
        const answer = textOf(ctx)
        if (!answer) return this.#asking.refuse(ctx, 'error.textPlease')
        accepted = await this.#asking.checked(ctx, answer, check)
        return accepted !== undefined
      },
      { collationKey: 'ask' },
    )
    return (accepted as unknown as { value: T }).value
  }

  async askOrContact<T>(key: TextKey, params: TextParams, check: Check<T>): Promise<{ typed: T } | Contact> {
    if (!this.#phoneProof || this.inGroup) return { typed: await this.ask(key, params, check) }
    const button = { text: this.t('contact.button'), request_contact: true as const }
    await this.ctx.api.sendMessage(this.chat, tHtml(this.person.locale, key, params), {
      parse_mode: 'HTML',
      reply_markup: { keyboard: [[button]], resize_keyboard: true, one_time_keyboard: true },
    })
    this.#contactKey = true
    let answer: { typed: T } | Contact | undefined
    this.ctx = await this.conversation.waitUntil(
      async (ctx) => {
        const contact = contactOf(ctx)
        if (contact && 'refused' in contact) return this.#asking.refuse(ctx, contact.refused)
        const words = textOf(ctx)
        if (contact) answer = contact
        else if (!words) return this.#asking.refuse(ctx, 'error.textOrContact')
        else {
          const typed = await this.#asking.checked(ctx, words, check)
          if (typed) answer = { typed: typed.value }
        }
        return answer !== undefined
      },
      { collationKey: 'ask' },
    )
    return answer as unknown as NonNullable<typeof answer>
  }

  async choose<Value extends string>(
    key: TextKey,
    options: readonly (Value | Option<Value>)[],
    params?: TextParams,
  ): Promise<Value> {
    const answer = await this.#choice<Value, never>(key, options, params)
    return (answer as { chosen: Value }).chosen
  }

  async chooseOrType<Value extends string, T>(
    key: TextKey,
    options: readonly (Value | Option<Value>)[],
    params: TextParams,
    check: Check<T>,
    meanwhile?: Meanwhile,
  ): Promise<{ chosen: Value } | { typed: T }> {
    return (await this.#choice(key, options, params, { check, meanwhile })) as { chosen: Value } | { typed: T }
  }

  chooseTypeOrContact<Value extends string, T>(
    key: TextKey,
    options: readonly (Value | Option<Value>)[],
    params: TextParams,
    check: Check<T>,
    meanwhile?: Meanwhile,
  ): Promise<{ chosen: Value } | { typed: T } | Contact> {
    return this.#choice(key, options, params, { check, meanwhile, contact: this.#phoneProof })
  }

  async effect<T>(name: string, run: (key: string) => Promise<T>): Promise<T> {
    const step = ++this.#effects
    const outcome = await outcomeOf(this.conversation, (eventId) => run(`${eventId}:${name}:${step}`))
    if ('refused' in outcome) throw new UserError(outcome.refused.key, outcome.refused.params)
    return outcome.value
  }

  account(): Promise<{ userId: string; role: string } | null> {
    return this.effect('account', async () => {
      const person = await Person.of(this.bot.record._id, this.person.id)
      const role = roleOf(person)
      return person?.userId && role ? { userId: person.userId, role } : null
    })
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

  /** With `check` a text counts too, with `contact` the person's own number. */
  async #choice<Value extends string, T>(
    key: TextKey,
    options: readonly (Value | Option<Value>)[],
    params?: TextParams,
    { check, contact, meanwhile }: Beside<T> = {},
  ): Promise<{ chosen: Value } | { typed: T } | Contact> {
    // Recorded as they were asked: a new wording or order must not change what an answer meant.
    const { choice, choices } = await this.conversation.external(() => ({
      choice: crypto.randomUUID().slice(0, 8),
      choices: options.map((option) => (typeof option === 'string' ? { value: option, label: option } : option)),
    }))
    const keys = choices.map(({ label }, index) => InlineKeyboard.text(label, choiceData(choice, index)))
    const asked = addressed(this, this.ctx, tHtml(this.person.locale, key, params))
    const question = await this.ctx.api.sendMessage(this.chat, asked, {
      parse_mode: 'HTML',
      reply_markup: { inline_keyboard: rowsOf(keys) },
      ...replying(this, this.ctx),
    })
    await meanwhile?.()
    let answer: { label?: string; given: { chosen: Value } | { typed: T } | Contact } | undefined
    this.ctx = await this.conversation.waitUntil(
      async (ctx) => {
        const chosen = chosenOf(ctx, choice, choices)
        if (chosen) answer = { label: chosen.label, given: { chosen: chosen.value } }
        if (chosen) return true
        if (isAside(this, ctx)) return false
        const shared = contact ? contactOf(ctx) : undefined
        if (shared && 'refused' in shared) return this.#asking.refuse(ctx, shared.refused)
        if (shared) answer = { given: shared }
        if (shared) return true
        const words = check && textOf(ctx)
        if (!words) return this.#asking.refuse(ctx, 'error.chooseFromButtons')
        const typed = await this.#asking.checked(ctx, words, check)
        if (typed) answer = { ...(!contact && { label: words.text }), given: { typed: typed.value } }
        return typed !== undefined
      },
      { collationKey: 'choose' },
    )
    if (this.ctx.callbackQuery) await this.ctx.answerCallbackQuery()
    const { label, given } = answer as unknown as NonNullable<typeof answer>
    const answered = label === undefined ? asked : `${asked}\n\n<b>${escapeHtml(label)}</b>`
    await tolerate(this.ctx.api.editMessageText(this.chat, question.message_id, answered, { parse_mode: 'HTML' }))
    return given
  }

  /** Once: what is said next takes the button away that shared the number. */
  #withoutContactKey(): WithoutKeyboard {
    if (!this.#contactKey) return {}
    this.#contactKey = false
    return { reply_markup: { remove_keyboard: true } }
  }
}
