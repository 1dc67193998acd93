import type { Message, User } from 'grammy/types'
import { asTelegramChat } from '../any-chat.ts'
import { tellBots } from '../group-updates.ts'
import type { Group } from '../groups.ts'
import type { World } from '../world.ts'

/** Puts a service message into a group: what happened, for its people and its bots. */
export function announce(world: World, group: Group, from: User, what: Partial<Message>): Message {
  const message = world.conversations.put(group, from.id, { from, chat: asTelegramChat(world, group), ...what })
  tellBots(world, group, 'message', message)
  return message
}
