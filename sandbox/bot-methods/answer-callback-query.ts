import { limits } from '../../bot-api/limits.ts'
import { badRequest } from '../failures.ts'
import type { BotMethod } from './method.ts'

export const answerCallbackQuery: BotMethod = ({ queries }, { bot, parameters }) => {
  const text = parameters.text('text')
  if (text.length > limits.callbackAnswer) throw badRequest('MESSAGE_TOO_LONG')
  const url = parameters.text('url')
  const answer = {
    ...(text && { text }),
    ...(parameters.flag('show_alert') && { show_alert: true }),
    ...(url && { url }),
  }
  if (!queries.answer(bot.id, parameters.text('callback_query_id'), answer))
    throw badRequest('query is too old and response timeout expired or query ID is invalid')
  return true
}
