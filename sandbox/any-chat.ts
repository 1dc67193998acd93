import type { Chat as TelegramChat } from 'grammy/types'
import type { Chat } from './chats.ts'
import { type Group, presentIn } from './groups.ts'
import { privateChat } from './private-chat.ts'
import type { World } from './world.ts'

/** A person's chat with a bot, or a group. */
export type AnyChat = Chat | Group

export function isGroup(chat: AnyChat): chat is Group {
  return 'members' in chat
}

/** Whose numbering a chat's messages have, and the chat in it: a private chat has its bot's, a group its own. */
export function placeOf(chat: AnyChat): [owner: number, chat: number] {
  return isGroup(chat) ? [chat.id, chat.id] : [chat.bot, chat.person]
}

/** The people whose clients show the chat, with the peer that it is to them. */
export function onlookersOf(chat: AnyChat): { person: number; peer: number }[] {
  if (!isGroup(chat)) return [{ person: chat.person, peer: chat.bot }]
  return presentIn(chat, 'people').map(({ id }) => ({ person: id, peer: chat.id }))
}

/** A chat as messages carry it. */
export function asTelegramChat({ people }: Pick<World, 'people'>, chat: AnyChat): TelegramChat {
  if (isGroup(chat)) return { id: chat.id, type: chat.type, title: chat.title }
  const person = people.get(chat.person)
  if (!person) throw new Error(`The chat of ${chat.bot} with ${chat.person} has no person`)
  return privateChat(person)
}
