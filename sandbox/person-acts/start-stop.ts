import type { Message } from 'grammy/types'
import { limits, startPayloadPattern } from '../../bot-api/limits.ts'
import { asUser as botAsUser } from '../bots.ts'
import type { Chat } from '../chats.ts'
import { nowInSeconds } from '../conversations.ts'
import { PeopleApiError } from '../failures.ts'
import { asUser } from '../people.ts'
import { privateChat } from '../private-chat.ts'
import type { World } from '../world.ts'
import { type PrivateSide, putMessage, refuseDeleted } from './side.ts'
import { typedText } from './typed-text.ts'

/** Presses Start; a stopped bot hears first that it is let in again. */
export function start(world: World, side: PrivateSide, payload = ''): Message {
  refuseDeleted(side.bot)
  if (payload && !startPayloadPattern.test(payload))
    throw new PeopleApiError(400, `A start payload has 1 to ${limits.startPayload} characters of A-Z a-z 0-9 _ -`)
  const chat = world.chats.open(side.bot.id, side.person.id)
  if (chat.stopped) setStopped(world, side, chat, false)
  return putMessage(world, side, typedText(`/start ${payload}`))
}

/** Blocks the bot. */
export function stop(world: World, side: PrivateSide): void {
  const chat = world.chats.open(side.bot.id, side.person.id)
  if (!chat.stopped) setStopped(world, side, chat, true)
}

function setStopped(world: World, { person, bot }: PrivateSide, chat: Chat, stopped: boolean): void {
  chat.stopped = stopped
  world.conversations.changed(chat)
  const user = botAsUser(bot)
  const member = { status: 'member' as const, user }
  const kicked = { status: 'kicked' as const, user, until_date: 0 }
  world.updates.add(bot, 'my_chat_member', {
    my_chat_member: {
      chat: privateChat(person),
      from: asUser(person),
      date: nowInSeconds(),
      old_chat_member: stopped ? member : kicked,
      new_chat_member: stopped ? kicked : member,
    },
  })
}
