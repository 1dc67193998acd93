import type { MessageEntity } from 'grammy/types'
import { type FormattedText, sortEntities, trimFormatted } from '../../bot-api/formatted-text.ts'
import { findEntities } from '../../bot-api/found-entities.ts'
import { parseHtml } from '../../bot-api/html.ts'
import { HtmlError } from '../../bot-api/html-tag.ts'
import { badRequest } from '../failures.ts'
import type { Parameters } from '../parameters.ts'

/** Reads a text with its formatting, by `parse_mode` or by a list of entities, and finds the links and commands in it. */
export function readFormatted(parameters: Parameters, name: 'text' | 'caption'): FormattedText {
  const text = parameters.text(name)
  if (!text.isWellFormed()) throw badRequest('strings must be encoded in UTF-8')
  const entities = name === 'text' ? 'entities' : 'caption_entities'
  const formatted = trimFormatted(
    parameters.has('parse_mode')
      ? parse(text, parameters.text('parse_mode'))
      : { text, entities: readEntities(parameters, entities, text) },
  )
  const found = findEntities(formatted.text, formatted.entities)
  return found.length === 0
    ? formatted
    : { text: formatted.text, entities: sortEntities([...formatted.entities, ...found]) }
}

function parse(text: string, mode: string): FormattedText {
  if (mode.toLowerCase() !== 'html') throw badRequest('unsupported parse_mode')
  try {
    return parseHtml(text)
  } catch (error) {
    throw error instanceof HtmlError ? badRequest(error.message) : error
  }
}

function readEntities(parameters: Parameters, name: string, text: string): MessageEntity[] {
  const entities = parameters.json(name, 'message entities')
  if (entities === undefined) return []
  if (!Array.isArray(entities)) throw badRequest(`can't parse entities: Expected an Array of MessageEntity`)
  return sortEntities(entities.filter((entity) => isWithin(entity, text.length)))
}

/** Telegram drops the entities that make no sense. */
function isWithin(entity: unknown, length: number): entity is MessageEntity {
  if (typeof entity !== 'object' || entity === null) return false
  const { type, offset, length: covered } = entity as Partial<MessageEntity>
  return (
    typeof type === 'string' &&
    Number.isInteger(offset) &&
    Number.isInteger(covered) &&
    Number(offset) >= 0 &&
    Number(covered) > 0 &&
    Number(offset) + Number(covered) <= length
  )
}
