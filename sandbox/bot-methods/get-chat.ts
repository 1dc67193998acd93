import type { Bot } from '../bots.ts'
import { badRequest } from '../failures.ts'
import { privateChat } from '../private-chat.ts'
import type { World } from '../world.ts'
import type { BotMethod } from './method.ts'
import { groupOf, readChatId } from './target-chat.ts'

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
  const id = readChatId(parameters)
  return {
    ...(id < 0 ? groupInfo(world, bot, id) : privateInfo(world, bot, id)),
    accent_color_id: Math.abs(id) % 7,
    max_reaction_count: 11,
    accepted_gift_types: noGifts,
  }
}

function groupInfo(world: World, bot: Bot, chatId: number) {
  const { id, type, title } = groupOf(world, bot, chatId)
  return { id, type, title, permissions }
}

function privateInfo({ people, chats }: World, bot: Bot, id: number) {
  const person = people.get(id)
  if (!person || !chats.get(bot.id, person.id)?.started) throw badRequest('chat not found')
  return { ...privateChat(person), ...(person.username && { active_usernames: [person.username] }) }
}
