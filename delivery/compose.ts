import { type FormattedText, trimFormatted } from '../bot-api/formatted-text.ts'
import { parseHtml } from '../bot-api/html.ts'
import { splitText } from '../bot-api/split.ts'
import type { Capabilities } from '../channels/channel.ts'
import { type Locale, locales } from '../config/locales.ts'
import type { Content, LocalText } from '../models/notification.ts'

/** One call of the Bot API, without its `chat_id`. */
export type Part = { method: string; payload: Record<string, unknown> }
/** Whose language counts: the person's, then the bot's. */
export type Languages = { person: Locale; bot: Locale }

/**
 * What a notification says to one person, as the calls that say it, in order. The same content, language and channel always give the
 * same parts: a delivery that was broken off goes on by their number.
 */
export function compose(content: Content, languages: Languages, capabilities: Capabilities): Part[] {
  const whole = formatted(content, languages)
  const file = fileOf(content)
  const captioned = file !== undefined && whole.text.length > 0 && whole.text.length <= capabilities.captionLength
  const texts = captioned || whole.text === '' ? [] : splitText(whole, capabilities.textLength)
  const parts: Part[] = texts.map(({ text, entities }) => ({
    method: 'sendMessage',
    payload: { text, ...(entities.length > 0 && { entities }) },
  }))
  if (file) {
    const caption = captioned ? { caption: whole.text, caption_entities: whole.entities } : {}
    parts.unshift({ method: file.method, payload: { ...file.payload, ...caption } })
  }
  const last = parts.at(-1)
  if (last && content.buttons?.length) last.payload.reply_markup = keyboard(content.buttons, languages)
  return parts
}

/** The text in the first language that it has: the person's, the bot's, `en`, any. */
export function chooseText(text: LocalText, { person, bot }: Languages): string {
  if (typeof text === 'string') return text
  for (const locale of [person, bot, ...locales]) {
    const found = text[locale]
    if (found !== undefined) return found
  }
  return ''
}

/** A text as the messenger will show it. @throws HtmlError when it claims to be HTML and is none */
export function formatText(text: string, format: Content['format']): FormattedText {
  return trimFormatted(format === 'html' ? parseHtml(text) : { text, entities: [] })
}

function formatted({ text, format }: Content, languages: Languages): FormattedText {
  return text === undefined ? { text: '', entities: [] } : formatText(chooseText(text, languages), format)
}

function fileOf({ photo, document }: Content): Part | undefined {
  if (photo !== undefined) return { method: 'sendPhoto', payload: { photo } }
  return document === undefined ? undefined : { method: 'sendDocument', payload: { document } }
}

function keyboard(rows: NonNullable<Content['buttons']>, languages: Languages) {
  return {
    inline_keyboard: rows.map((row) =>
      row.map((button) => ({
        text: chooseText(button.text, languages),
        ...('url' in button ? { url: button.url } : { callback_data: button.data }),
      })),
    ),
  }
}
