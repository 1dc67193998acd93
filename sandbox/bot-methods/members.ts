import type { ChatMember } from 'grammy/types'
import { isGroup } from '../any-chat.ts'
import { asUser, type Bot } from '../bots.ts'
import { asChatMember, userOf } from '../chat-member.ts'
import { badRequest } from '../failures.ts'
import { removeMember } from '../group-acts/members.ts'
import { type Group, isAdministrator, isIn, memberOf } from '../groups.ts'
import type { Parameters } from '../parameters.ts'
import type { World } from '../world.ts'
import type { BotMethod } from './method.ts'
import { chatToRead } from './target-chat.ts'

export const leaveChat: BotMethod = (world, { bot, parameters }) => {
  const group = groupToAsk(world, bot, parameters, "chat member status can't be changed in private chats")
  removeMember(world, group, asUser(bot), bot.id)
  return true
}

/** Other bots are left out, as in Telegram. */
export const getChatAdministrators: BotMethod = (world, { bot, parameters }): ChatMember[] => {
  const group = groupToAsk(world, bot, parameters, 'there are no administrators in the private chat')
  return group.members
    .filter((member) => isAdministrator(member) && (!member.bot || member.id === bot.id))
    .map((member) => asChatMember(world, group, member))
}

export const getChatMemberCount: BotMethod = (world, { bot, parameters }): number => {
  const chat = chatToRead(world, bot, parameters)
  return isGroup(chat) ? chat.members.filter(isIn).length : 2
}

export const getChatMember: BotMethod = (world, { bot, parameters }): ChatMember => {
  const chat = chatToRead(world, bot, parameters)
  const id = parameters.integer('user_id')
  if (id === undefined) throw badRequest('invalid user_id specified')
  if (!world.people.get(id) && !world.bots.get(id)) throw badRequest('user not found')
  if (isGroup(chat)) {
    const stranger = { id, bot: false, status: 'left' as const, read: 0 }
    return asChatMember(world, chat, memberOf(chat, id) ?? stranger)
  }
  if (id !== chat.bot && id !== chat.person) throw badRequest('member not found')
  return { status: 'member', user: userOf(world, id) }
}

function groupToAsk(world: World, bot: Bot, parameters: Parameters, inPrivate: string): Group {
  const chat = chatToRead(world, bot, parameters)
  if (isGroup(chat)) return chat
  throw badRequest(inPrivate)
}
