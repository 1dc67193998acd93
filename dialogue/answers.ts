import type { Context } from 'grammy'
import { choiceData } from '../models/callback-data.ts'
import type { Option, TextAnswer } from './talk.ts'

/** The words of a message, if it has any. */
export function textOf({ message }: Context): TextAnswer | undefined {
  const text = message?.text?.trim()
  return text && message ? { text, messageId: message.message_id } : undefined
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
