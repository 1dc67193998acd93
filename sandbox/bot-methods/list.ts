import { answerCallbackQuery } from './answer-callback-query.ts'
import { deleteMyCommands, getMyCommands, setMyCommands } from './commands.ts'
import { deleteMessage, deleteMessages } from './delete-message.ts'
import { editMessageCaption, editMessageReplyMarkup, editMessageText } from './edit-message.ts'
import { copyMessage, forwardMessage } from './forward.ts'
import { getChat } from './get-chat.ts'
import { getFile } from './get-file.ts'
import { getUpdates } from './get-updates.ts'
import { getChatAdministrators, getChatMember, getChatMemberCount, leaveChat } from './members.ts'
import type { BotMethod } from './method.ts'
import {
  getMe,
  getMyDescription,
  getMyName,
  getMyShortDescription,
  setMyDescription,
  setMyName,
  setMyShortDescription,
} from './profile.ts'
import { sendChatAction } from './send-chat-action.ts'
import { sendDocument, sendPhoto } from './send-file.ts'
import { sendMediaGroup } from './send-media-group.ts'
import { sendMessage } from './send-message.ts'
import { deleteWebhook, getWebhookInfo, setWebhook } from './webhook.ts'

const all: Record<string, BotMethod> = {
  getMe,
  getUpdates,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  sendMessage,
  sendPhoto,
  sendDocument,
  sendMediaGroup,
  sendChatAction,
  forwardMessage,
  copyMessage,
  editMessageText,
  editMessageCaption,
  editMessageReplyMarkup,
  deleteMessage,
  deleteMessages,
  answerCallbackQuery,
  getChat,
  getChatAdministrators,
  getChatMember,
  getChatMemberCount,
  leaveChat,
  getFile,
  setMyCommands,
  getMyCommands,
  deleteMyCommands,
  setMyName,
  getMyName,
  setMyDescription,
  getMyDescription,
  setMyShortDescription,
  getMyShortDescription,
}

const byLowerCase = new Map(Object.entries(all).map(([name, method]) => [name.toLowerCase(), { name, method }]))

/** A method, and its name as the manual writes it. */
export interface FoundMethod {
  name: string
  method: BotMethod
}

/** In an address any letter case will do. */
export function findMethod(written: string): FoundMethod | undefined {
  return byLowerCase.get(written.toLowerCase())
}
