import type { Conversation } from '@grammyjs/conversations'
import type { Context } from 'grammy'
import type { Message } from 'grammy/types'
import type { TextKey, TextParams } from '../config/i18n.ts'
import type { Locale } from '../config/locales.ts'
import type { MenuCall } from '../models/callback-data.ts'
import type { BotHandle } from './bot-handle.ts'
import type { Menu } from './menu.ts'

/** What a person answered: the text as typed and trimmed, and the message that held it. */
export type TextAnswer = { text: string; messageId: number }

/** One answer to choose: the word on the button and the value that the scene goes on with. */
export type Option<Value extends string> = { value: Value; label: string }

/** The person's own phone number as digits, proven by the messenger. */
export type Contact = { phone: string }

/** What is done after a question is asked and before its answer is waited for: by effects, like everything outside. */
export type Meanwhile = () => Promise<void>

/**
 * How a scene speaks with one person. Everything it learns through it is recorded, and given again when the scene is
 * replayed.
 */
export interface Talk {
  readonly bot: BotHandle
  readonly person: {
    readonly id: number
    readonly name: string
    readonly username: string | undefined
    readonly locale: Locale
  }
  /** The chat the scene runs in, and whether it is a group, where others read along. */
  readonly chat: number
  readonly inGroup: boolean

  t(key: TextKey, params?: TextParams): string
  /** Says a text in the person's language; parameters are escaped. */
  say(key: TextKey, params?: TextParams): Promise<Message>
  /** Shows a menu as a new message; a menu's call will do where its page lies in a higher row. */
  show(menu: MenuCall): Promise<void>
  show<Args extends string[]>(menu: Menu<Args>, ...args: Args): Promise<void>

  /**
   * Asks for a text; in a group as a reply, for a bot there may see nothing else. `check` turns the answer into a
   * value, or throws a UserError, which is said and asked again.
   */
  ask(key: TextKey, params?: TextParams): Promise<string>
  ask<T>(key: TextKey, params: TextParams, check: (answer: TextAnswer) => T | Promise<T>): Promise<T>
  /** Asks with buttons; a typed label or its number counts too. */
  choose<Value extends string>(
    key: TextKey,
    options: readonly (Value | Option<Value>)[],
    params?: TextParams,
  ): Promise<Value>

  /**
   * Asks with buttons, beside which words of the person's own count: `check` turns them into a value, or throws a
   * UserError, which is said and asked again.
   */
  chooseOrType<Value extends string, T>(
    key: TextKey,
    options: readonly (Value | Option<Value>)[],
    params: TextParams,
    check: (answer: TextAnswer) => T | Promise<T>,
    meanwhile?: Meanwhile,
  ): Promise<{ chosen: Value } | { typed: T }>

  /**
   * Asks for words, or for the person's own number by a button of the messenger, where that proves it. Somebody
   * else's contact, or a forwarded
   * one, is refused with the reason. The button goes away with the next `say`.
   */
  askOrContact<T>(
    key: TextKey,
    params: TextParams,
    check: (answer: TextAnswer) => T | Promise<T>,
  ): Promise<{ typed: T } | Contact>
  /**
   * As `chooseOrType`; a number that is shared counts too, as where the button of `askOrContact` still stands. What
   * was typed stays out of the question.
   */
  chooseTypeOrContact<Value extends string, T>(
    key: TextKey,
    options: readonly (Value | Option<Value>)[],
    params: TextParams,
    check: (answer: TextAnswer) => T | Promise<T>,
    meanwhile?: Meanwhile,
  ): Promise<{ chosen: Value } | { typed: T } | Contact>

  /**
   * Does something outside, once: its result (plain JSON) is recorded. `key` names this step of this update, so that
   * a repeat after a
   * crash can be told from a second wish. A UserError passes through; catch it to go on.
   */
  effect<T>(name: string, run: (key: string) => Promise<T>): Promise<T>
  /** The account that the person has linked, and its role; null for guests, and while the account is blocked. */
  account(): Promise<{ userId: string; role: string } | null>
  now(): Promise<Date>
  random(): Promise<number>
  /** Deletes a message of this chat where the channel allows; answers whether it did. */
  forget(messageId: number): Promise<boolean>
  /** Changes the language that this person is spoken to in, from now on. */
  speak(locale: Locale): Promise<void>

  /** grammY's own objects, for what is not covered here. */
  readonly conversation: Conversation<Context, Context>
  readonly ctx: Context
}
