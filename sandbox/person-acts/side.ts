import type { Message, Update } from 'grammy/types'
import type { Bot } from '../bots.ts'
import type { Chat } from '../chats.ts'
import { PeopleApiError } from '../failures.ts'
import { asUser, type Person } from '../people.ts'
import { privateChat } from '../private-chat.ts'
import type { World } from '../world.ts'

/** A person in the chat with a bot: what every act of a person needs. */
export interface Side {
  person: Person
  bot: Bot
}

/** The chat, if the person can write there. */
export function writableChat({ chats }: World, { person, bot }: Side): Chat {
  refuseDeleted(bot)
  const chat = chats.open(bot.id, person.id)
  if (chat.stopped)
    throw new PeopleApiError(409, `${person.first_name} stopped @${bot.username}; start it again to write to it`)
  return chat
}

export function refuseDeleted(bot: Bot): void {
  if (bot.deleted) throw new PeopleApiError(409, `@${bot.username} was deleted`)
}

export function messageOf({ messages }: World, { person, bot }: Side, id: number): Message {
  const message = messages.get(bot.id, person.id, id)
  if (!message) throw new PeopleApiError(404, `This chat has no message ${id}`)
  return message
}

/** The end of every sending act: the message is in the chat and on its way to the bot. */
export function putMessage(world: World, side: Side, content: Partial<Message>): Message {
  const chat = writableChat(world, side)
  const message = world.conversations.put(chat, side.person.id, {
    from: asUser(side.person),
    chat: privateChat(side.person),
    ...content,
  })
  chat.read = message.message_id
  if (chat.started) {
    world.chats.save(chat)
  } else {
    chat.started = true
    world.conversations.changed(chat)
  }
  world.updates.add(side.bot, 'message', { message: message as NonNullable<Update['message']> })
  return message
}
