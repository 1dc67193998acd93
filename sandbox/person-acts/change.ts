import type { Message, Update } from 'grammy/types'
import { nowInSeconds } from '../conversations.ts'
import { PeopleApiError } from '../failures.ts'
import type { World } from '../world.ts'
import { messageOf, type Side, writableChat } from './side.ts'
import { typedText } from './typed-text.ts'

export function editText(world: World, side: Side, id: number, text: string): Message {
  const chat = writableChat(world, side)
  const before = messageOf(world, side, id)
  if (before.from?.id !== side.person.id || before.text === undefined)
    throw new PeopleApiError(400, 'Only the text of an own message can be edited')
  const { entities: _, ...rest } = before
  const after = { ...rest, ...typedText(text), edit_date: nowInSeconds() }
  world.conversations.replace(chat, before, after)
  world.updates.add(side.bot, 'edited_message', { edited_message: after as NonNullable<Update['edited_message']> })
  return after
}

/** A bot does not hear of it, as in Telegram. */
export function deleteMessage(world: World, side: Side, id: number): void {
  messageOf(world, side, id)
  world.conversations.delete(world.chats.open(side.bot.id, side.person.id), id)
}

export function markRead(world: World, side: Side): void {
  const chat = world.chats.get(side.bot.id, side.person.id)
  const last = chat && world.messages.latest(side.bot.id, side.person.id, 1).at(0)
  if (!last || chat.read === last.message_id) return
  chat.read = last.message_id
  world.conversations.changed(chat)
}
