import type { Update } from 'grammy/types'

/** The chat that an update belongs to: what belongs to one chat is done in order. */
export function laneOf(update: Update): string {
  const message = update.message ?? update.edited_message ?? update.callback_query?.message ?? update.my_chat_member
  return String(message?.chat.id ?? update.callback_query?.from.id ?? '')
}
