import { asTelegramChat, isGroup } from '../any-chat.ts'
import type { BotMethod } from './method.ts'
import { chatToRead } from './target-chat.ts'

const noGifts = {
  unlimited_gifts: false,
  limited_gifts: false,
  unique_gifts: false,
  premium_subscription: false,
  gifts_from_channels: false,
}

/** What members of a new group may do at Telegram. */
const permissions = {
  can_send_messages: true,
  can_send_audios: true,
  can_send_documents: true,
  can_send_photos: true,
  can_send_videos: true,
  can_send_video_notes: true,
  can_send_voice_notes: true,
  can_send_polls: true,
  can_send_other_messages: true,
  can_add_web_page_previews: true,
  can_change_info: true,
  can_invite_users: true,
  can_pin_messages: true,
  can_manage_topics: true,
}

export const getChat: BotMethod = (world, { bot, parameters }) => {
  const chat = chatToRead(world, bot, parameters)
  const { username, ...what } = asTelegramChat(world, chat)
  return {
    ...what,
    ...(username && { username, active_usernames: [username] }),
    ...(isGroup(chat) && { permissions }),
    accent_color_id: Math.abs(what.id) % 7,
    max_reaction_count: 11,
    accepted_gift_types: noGifts,
  }
}
