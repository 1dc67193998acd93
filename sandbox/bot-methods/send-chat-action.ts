import { badRequest } from '../failures.ts'
import type { BotMethod } from './method.ts'
import { chatToWrite } from './target-chat.ts'

const actions =
  /^(typing|upload_photo|record_video|upload_video|record_voice|upload_voice|upload_document|choose_sticker|find_location|record_video_note|upload_video_note)$/

export const sendChatAction: BotMethod = (world, { bot, parameters }) => {
  if (!actions.test(parameters.text('action'))) throw badRequest('wrong parameter action in request')
  world.conversations.showTyping(chatToWrite(world, bot, parameters))
  return true
}
