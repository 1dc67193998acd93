import type { Message } from 'grammy/types'
import { findEntities } from '../../bot-api/found-entities.ts'
import { limits } from '../../bot-api/limits.ts'
import { PeopleApiError } from '../failures.ts'

/** A text as a person typed it, checked, with the commands and links in it. */
export function typedText(text: string): Pick<Message, 'text' | 'entities'> {
  const trimmed = text.trim()
  if (!trimmed) throw new PeopleApiError(400, 'A message needs a text')
  if (trimmed.length > limits.text) throw new PeopleApiError(400, `A message has at most ${limits.text} characters`)
  const entities = findEntities(trimmed)
  return { text: trimmed, ...(entities.length > 0 && { entities }) }
}
