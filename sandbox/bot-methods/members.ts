import type { ChatMember, User } from 'grammy/types'
import { asUser, type Bot } from '../bots.ts'
import { asChatMember } from '../chat-member.ts'
import { badRequest } from '../failures.ts'
import { removeMember } from '../group-acts/members.ts'
import { type Group, isAdministrator, isIn, memberOf } from '../groups.ts'
import type { Parameters } from '../parameters.ts'
import { asUser as personAsUser } from '../people.ts'
import type { World } from '../world.ts'
import type { BotMethod } from './method.ts'
import { groupOf, readChatId } from './target-chat.ts'

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
  const id = readChatId(parameters)
  if (id < 0) return groupOf(world, bot, id).members.filter(isIn).length
  privatePeer(world, bot, id)
  return 2
}

export const getChatMember: BotMethod = (world, { bot, parameters }): ChatMember => {
  const chatId = readChatId(parameters)
  const userId = parameters.integer('user_id')
  if (userId === undefined) throw badRequest('invalid user_id specified')
  if (chatId >= 0) return privateMember(bot, privatePeer(world, bot, chatId), userId)
  const group = groupOf(world, bot, chatId)
  if (!world.people.get(userId) && !world.bots.get(userId)) throw badRequest('user not found')
  const stranger = { id: userId, bot: false, status: 'left' as const, read: 0 }
  return asChatMember(world, group, memberOf(group, userId) ?? stranger)
}

function groupToAsk(world: World, bot: Bot, parameters: Parameters, inPrivate: string): Group {
  const id = readChatId(parameters)
  if (id < 0) return groupOf(world, bot, id)
  privatePeer(world, bot, id)
  throw badRequest(inPrivate)
}

function privatePeer({ people, chats }: World, bot: Bot, id: number): User {
  const person = people.get(id)
  if (!person || !chats.get(bot.id, id)?.started) throw badRequest('chat not found')
  return personAsUser(person)
}

/** A private chat has two members. */
function privateMember(bot: Bot, peer: User, id: number): ChatMember {
  const user = [asUser(bot), peer].find((one) => one.id === id)
  if (!user) throw badRequest('member not found')
  return { status: 'member', user }
}
