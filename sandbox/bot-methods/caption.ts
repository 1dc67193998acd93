import type { Message } from 'grammy/types'
import { limits } from '../../bot-api/limits.ts'
import { badRequest } from '../failures.ts'
import type { Parameters } from '../parameters.ts'
import { readFormatted } from './formatted-parameter.ts'

/** The part of a message that `caption` and its formatting make; nothing if it is empty. */
export function readCaption(parameters: Parameters): Pick<Message, 'caption' | 'caption_entities'> {
  const { text: caption, entities } = readFormatted(parameters, 'caption')
  if (caption.length > limits.caption) throw badRequest('message caption is too long')
  return { ...(caption && { caption }), ...(entities.length > 0 && { caption_entities: entities }) }
}
