import type { Message, Update } from 'grammy/types'
import { type AnyChat, asTelegramChat, isGroup, placeOf } from '../any-chat.ts'
import type { Bot } from '../bots.ts'
import type { Chat } from '../chats.ts'
import { PeopleApiError } from '../failures.ts'
import { tellBots } from '../group-updates.ts'
import { type Group, memberOf } from '../groups.ts'
import { asUser, type Person } from '../people.ts'
import type { World } from '../world.ts'

/** A person in the chat with a bot. */
export interface PrivateSide {
  person: Person
  bot: Bot
}

/** A person in a group that they are a member of. */
export interface GroupSide {
  person: Person
  group: Group
}

/** A person in a chat: what every act of a person needs. */
export type Side = PrivateSide | GroupSide

/** The chat, if the person can write there. */
export function writableChat({ chats }: World, side: Side): AnyChat {
  if ('group' in side) return side.group
  const { person, bot } = side
  refuseDeleted(bot)
  const chat = chats.open(bot.id, person.id)
  if (chat.stopped)
    throw new PeopleApiError(409, `${person.first_name} stopped @${bot.username}; start it again to write to it`)
  return chat
}

export function refuseDeleted(bot: Bot): void {
  if (bot.deleted) throw new PeopleApiError(409, `@${bot.username} was deleted`)
}

/** The chat, also if it is closed for writing. */
export function chatOf({ chats }: World, side: Side): AnyChat {
  return 'group' in side ? side.group : chats.open(side.bot.id, side.person.id)
}

export function messageOf(world: World, side: Side, id: number): Message {
  const message = world.messages.get(...placeOf(chatOf(world, side)), id)
  if (!message) throw new PeopleApiError(404, `This chat has no message ${id}`)
  return message
}

/** The end of every sending act: the message is in the chat and on its way to the bots. */
export function putMessage(world: World, side: Side, content: Partial<Message>): Message {
  const chat = writableChat(world, side)
  const message = world.conversations.put(chat, side.person.id, {
    from: asUser(side.person),
    chat: asTelegramChat(world, chat),
    ...content,
  })
  if (isGroup(chat)) markReadInGroup(world, chat, side.person, message)
  else markStarted(world, chat, message)
  tellOfMessage(world, side, 'message', message)
  return message
}

/** Tells the bot of a private chat, or the bots of a group that are to hear of it. */
export function tellOfMessage(world: World, side: Side, kind: 'message' | 'edited_message', message: Message): void {
  if ('group' in side) tellBots(world, side.group, kind, message)
  else world.updates.add(side.bot, kind, { [kind]: message as NonNullable<Update['message']> })
}

function markReadInGroup({ groups }: World, group: Group, { id }: Person, message: Message): void {
  const member = memberOf(group, id)
  if (member) member.read = message.message_id
  groups.save(group)
}

function markStarted(world: World, chat: Chat, message: Message): void {
  chat.read = message.message_id
  if (chat.started) {
    world.chats.save(chat)
  } else {
    chat.started = true
    world.conversations.changed(chat)
  }
}
