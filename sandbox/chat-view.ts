import type { BotCommand, Message, ReplyKeyboardMarkup } from 'grammy/types'
import { type Bot, descriptionOf, nameOf } from './bots.ts'
import { commandMenu } from './command-menu.ts'
import { seenBy } from './conversations.ts'
import type { SeenMessage } from './events.ts'
import type { Person } from './people.ts'
import type { Side } from './person-acts/side.ts'
import type { World } from './world.ts'

export interface Peer {
  id: number
  first_name: string
  username: string
}

export interface ChatLine {
  peer: Peer
  last?: SeenMessage
  unread: number
  typing: boolean
  stopped: boolean
}

export interface ChatView {
  peer: Peer & { description: string }
  started: boolean
  stopped: boolean
  typing: boolean
  commands: BotCommand[]
  keyboard?: ReplyKeyboardMarkup
  messages: SeenMessage[]
}

/** The person's list of chats, latest first. */
export function listChats({ bots, chats, messages }: World, person: Person): ChatLine[] {
  return chats.of(person.id).flatMap((chat) => {
    const bot = bots.get(chat.bot)
    if (!bot || (!chat.started && chat.lastSeq === 0)) return []
    const last = messages.latest(chat.bot, person.id, 1).at(0)
    return {
      peer: peerOf(bot, person),
      ...(last && { last: seenBy(person.id, last) }),
      unread: messages.countUnread(chat.bot, person.id, chat.read),
      typing: chats.isTyping(chat),
      stopped: chat.stopped,
    }
  })
}

const mostMessages = 1000

/** One chat with its latest messages, or those newer than `after`. */
export function viewChat(
  world: World,
  { person, bot }: Side,
  { after, limit }: { after?: number; limit?: number },
): ChatView {
  const chat = world.chats.get(bot.id, person.id)
  const found: Message[] =
    after === undefined
      ? world.messages.latest(bot.id, person.id, limit ?? mostMessages)
      : world.messages.newerThan(bot.id, person.id, after).slice(-(limit ?? mostMessages))
  return {
    peer: { ...peerOf(bot, person), description: descriptionOf(bot, person.language_code) },
    started: chat?.started ?? false,
    stopped: chat?.stopped ?? false,
    typing: chat ? world.chats.isTyping(chat) : false,
    commands: commandMenu(bot, person),
    ...(chat?.keyboard && { keyboard: chat.keyboard }),
    messages: found.map((message) => seenBy(person.id, message)),
  }
}

function peerOf(bot: Bot, person: Person): Peer {
  return { id: bot.id, first_name: nameOf(bot, person.language_code), username: bot.username }
}
