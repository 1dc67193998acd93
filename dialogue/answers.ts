import type { Context } from 'grammy'
import type { TextKey } from '../config/i18n.ts'
import { choiceData } from '../models/callback-data.ts'
import type { Option, TextAnswer } from './talk.ts'

/** The words of a message, if it has any. */
export function textOf({ message }: Context): TextAnswer | undefined {
  const text = message?.text?.trim()
  return text && message ? { text, messageId: message.message_id } : undefined
}

/** A phone number that a person shared: the own one as digits, or why it proves nothing. */
export function contactOf({ message, from }: Context): { phone: string } | { refused: TextKey } | undefined {
  const contact = message?.contact
  if (!contact) return undefined
  if (message.forward_origin) return { refused: 'contact.forwarded' }
  if (contact.user_id === undefined || contact.user_id !== from?.id) return { refused: 'contact.ofAnother' }
  return { phone: contact.phone_number.replace(/\D/g, '') }
}

/** What was pressed; or typed, as a label or, where no label reads so, as a number. */
export function chosenOf<Value extends string>(
  ctx: Context,
  choice: string,
  choices: Option<Value>[],
): Option<Value> | undefined {
  const data = ctx.callbackQuery?.data
  if (data !== undefined) return choices.find((_, index) => data === choiceData(choice, index))
  const typed = ctx.message?.text?.trim().toLowerCase()
  return (
    choices.find(({ label }) => label.toLowerCase() === typed) ??
    choices.find((_, index) => typed === String(index + 1))
  )
}
