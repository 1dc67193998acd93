import type { MessageEntity } from 'grammy/types'

/** A text and its entities; offsets and lengths in UTF-16 units, as JavaScript counts. */
export interface FormattedText {
  text: string
  entities: MessageEntity[]
}

/** The part from `start` to `end` with the entities that touch it, cut to it. */
export function sliceFormatted({ text, entities }: FormattedText, start: number, end: number): FormattedText {
  const kept = entities.flatMap((entity) => {
    const from = Math.max(entity.offset, start)
    const to = Math.min(entity.offset + entity.length, end)
    return from < to ? [{ ...entity, offset: from - start, length: to - from }] : []
  })
  return { text: text.slice(start, end), entities: kept }
}

/** Without the white space around it, as Telegram stores every text. */
export function trimFormatted(formatted: FormattedText): FormattedText {
  const { text } = formatted
  const start = text.length - text.trimStart().length
  const end = text.trimEnd().length
  if (start === 0 && end === text.length) return formatted
  return end <= start ? { text: '', entities: [] } : sliceFormatted(formatted, start, end)
}

/** Telegram's order: by offset, the longer first. */
export function sortEntities(entities: MessageEntity[]): MessageEntity[] {
  return entities.sort((a, b) => a.offset - b.offset || b.length - a.length)
}
