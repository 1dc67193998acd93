import type { BotCommand, ReplyKeyboardMarkup } from 'grammy/types'
import { type AnyChat, isGroup, placeOf } from './any-chat.ts'
import { type Bot, descriptionOf, nameOf } from './bots.ts'
import { userOf } from './chat-member.ts'
import { commandMenu, groupCommandMenu } from './command-menu.ts'
import { seenBy } from './conversations.ts'
import type { SeenMessage } from './events.ts'
import { type Group, type GroupType, isIn, type Member, memberOf } from './groups.ts'
import type { Person } from './people.ts'
import type { GroupSide, PrivateSide } from './person-acts/side.ts'
import type { World } from './world.ts'

export interface Peer {
  id: number
  first_name: string
  username: string
}

export interface GroupPeer {
  id: number
  type: GroupType
  title: string
}

export interface ChatLine {
  peer: Peer | GroupPeer
  last?: SeenMessage
  unread: number
  typing: boolean
  /** The person stopped the bot. */
  stopped: boolean
}

/** What clients show of any chat. */
export interface OpenChat {
  typing: boolean
  commands: BotCommand[]
  keyboard?: ReplyKeyboardMarkup
  messages: SeenMessage[]
}

export interface ChatView extends OpenChat {
  peer: Peer & { description: string }
  started: boolean
  stopped: boolean
}

export interface GroupMember {
  id: number
  first_name: string
  last_name?: string
  username?: string
  is_bot: boolean
  status: Member['status']
}

export interface GroupView extends OpenChat {
  peer: GroupPeer
  members: GroupMember[]
}

/** A part of a chat: the latest messages, or those newer than `after`. */
export interface Part {
  after?: number | undefined
  limit?: number | undefined
}

/** The person's list of chats, latest first. */
export function listChats(world: World, person: Person): ChatLine[] {
  return [...world.chats.of(person.id), ...world.groups.of(person.id)]
    .sort((a, b) => b.lastSeq - a.lastSeq)
    .flatMap((chat) => lineOf(world, person, chat) ?? [])
}

function lineOf(world: World, person: Person, chat: AnyChat): ChatLine | undefined {
  const peer = isGroup(chat) ? peerOfGroup(chat) : peerOfChat(world, person, chat.bot)
  if (!peer || (!isGroup(chat) && !chat.started && chat.lastSeq === 0)) return undefined
  const last = world.messages.latest(...placeOf(chat), 1).at(0)
  const read = isGroup(chat) ? (memberOf(chat, person.id)?.read ?? 0) : chat.read
  return {
    peer,
    ...(last && { last: seenBy(person.id, last) }),
    unread: world.messages.countUnread(...placeOf(chat), { id: person.id, read }),
    typing: world.typing.showsIn(chat),
    stopped: !isGroup(chat) && chat.stopped,
  }
}

export function viewChat(world: World, { person, bot }: PrivateSide, part: Part): ChatView {
  const chat = world.chats.get(bot.id, person.id)
  return {
    peer: { ...peerOf(bot, person), description: descriptionOf(bot, person.language_code) },
    started: chat?.started ?? false,
    stopped: chat?.stopped ?? false,
    typing: chat ? world.typing.showsIn(chat) : false,
    commands: commandMenu(bot, person),
    ...(chat?.keyboard && { keyboard: chat.keyboard }),
    messages: messagesIn(world, [bot.id, person.id], part).map((message) => seenBy(person.id, message)),
  }
}

/** A group with its members; a supergroup shows also what was said before it became one. */
export function viewGroup(world: World, { person, group }: GroupSide, part: Part): GroupView {
  const now = messagesIn(world, placeOf(group), part)
  const before = group.migratedFrom ? messagesIn(world, [group.migratedFrom, group.migratedFrom], part) : []
  return {
    peer: peerOfGroup(group),
    typing: world.typing.showsIn(group),
    commands: groupCommandMenu(world, group, person),
    ...(group.keyboard && { keyboard: group.keyboard }),
    messages: [...before, ...now].slice(-(part.limit ?? mostMessages)).map((message) => seenBy(person.id, message)),
    members: group.members.filter(isIn).map((member) => asGroupMember(world, member)),
  }
}

const mostMessages = 1000

function messagesIn({ messages }: World, place: [owner: number, chat: number], { after, limit = mostMessages }: Part) {
  return after === undefined ? messages.latest(...place, limit) : messages.newerThan(...place, after).slice(-limit)
}

function asGroupMember(world: World, { id, status }: Member): GroupMember {
  const { first_name, last_name, username, is_bot } = userOf(world, id)
  return { id, first_name, ...(last_name && { last_name }), ...(username && { username }), is_bot, status }
}

function peerOfChat({ bots }: World, person: Person, id: number): Peer | undefined {
  const bot = bots.get(id)
  return bot && peerOf(bot, person)
}

function peerOf(bot: Bot, person: Person): Peer {
  return { id: bot.id, first_name: nameOf(bot, person.language_code), username: bot.username }
}

function peerOfGroup({ id, type, title }: Group): GroupPeer {
  return { id, type, title }
}
