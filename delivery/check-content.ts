import { HtmlError } from '../bot-api/html-tag.ts'
import { checkReplyMarkup } from '../bot-api/keyboard.ts'
import { limits } from '../bot-api/limits.ts'
import type { Content, LocalText } from '../models/notification.ts'
import { formatText } from './compose.ts'

/** What the messenger would refuse, and in which field of the call. */
export type Objection = { field: 'text' | 'photo' | 'buttons'; message: string }

/** More messages in a row than this are no notification any more. */
const mostMessages = 10

/** Finds what the messenger would refuse to send, before anything is written. */
export function checkContent(content: Content): Objection[] {
  const { text, photo, document, buttons } = content
  const objections: Objection[] = []
  if (text === undefined && !photo && !document)
    objections.push({ field: 'text', message: 'there is nothing to say: give text, photo or document' })
  if (photo && document) objections.push({ field: 'photo', message: 'give either photo or document, not both' })
  for (const variant of variants(text)) {
    const message = objectionToText(variant, content)
    if (message) objections.push({ field: 'text', message })
  }
  const message = objectionToButtons(buttons)
  if (message) objections.push({ field: 'buttons', message })
  return objections
}

function objectionToText(written: string, { format, photo, document }: Content): string | undefined {
  try {
    const { text } = formatText(written, format)
    if (text === '' && !photo && !document) return 'message text is empty'
    const most = limits.text * mostMessages
    return text.length > most ? `message is too long: ${text.length} characters, at most ${most}` : undefined
  } catch (error) {
    if (error instanceof HtmlError) return error.message
    throw error
  }
}

function objectionToButtons(rows: Content['buttons']): string | undefined {
  if (!rows) return undefined
  const shown = (pick: (text: LocalText) => string) =>
    rows.map((row) => row.map((button) => ({ ...button, text: pick(button.text), callback_data: undefined })))
  const most = Math.max(1, ...rows.flat().map(({ text }) => variants(text).length))
  for (let nth = 0; nth < most; nth++) {
    const keyboard = shown((text) => variants(text)[nth] ?? variants(text)[0] ?? '')
    const error = checkReplyMarkup({ inline_keyboard: keyboard })
    if (error) return error
  }
  return undefined
}

function variants(text: LocalText | undefined): string[] {
  if (text === undefined) return []
  return typeof text === 'string' ? [text] : Object.values(text)
}
