import { limits } from '../../bot-api/limits.ts'
import { badRequest } from '../failures.ts'
import { readFormatted } from './formatted-parameter.ts'
import type { BotMethod } from './method.ts'
import { putMessage } from './put-message.ts'
import { chatToWrite } from './target-chat.ts'

export const sendMessage: BotMethod = (world, call) => {
  const { text, entities } = readFormatted(call.parameters, 'text')
  if (!text) throw badRequest('message text is empty')
  if (text.length > limits.text) throw badRequest('message is too long')
  const chat = chatToWrite(world, call.bot, call.parameters)
  return putMessage(world, call, chat, { text, ...(entities.length > 0 && { entities }) })
}
