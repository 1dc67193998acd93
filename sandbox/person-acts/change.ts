import type { Message } from 'grammy/types'
import { isGroup, placeOf } from '../any-chat.ts'
import { nowInSeconds } from '../conversations.ts'
import { PeopleApiError } from '../failures.ts'
import { isAdministrator, memberOf } from '../groups.ts'
import type { World } from '../world.ts'
import { chatOf, messageOf, type Side, tellOfMessage, writableChat } from './side.ts'
import { typedText } from './typed-text.ts'

export function editText(world: World, side: Side, id: number, text: string): Message {
  const chat = writableChat(world, side)
  const before = messageOf(world, side, id)
  if (before.from?.id !== side.person.id || before.text === undefined)
    throw new PeopleApiError(400, 'Only the text of an own message can be edited')
  const { entities: _, ...rest } = before
  const after = { ...rest, ...typedText(text), edit_date: nowInSeconds() }
  world.conversations.replace(chat, before, after)
  tellOfMessage(world, side, 'edited_message', after)
  return after
}

/** A bot does not hear of it, as in Telegram. In a group only administrators delete what others wrote. */
export function deleteMessage(world: World, side: Side, id: number): void {
  const { from } = messageOf(world, side, id)
  if ('group' in side && from?.id !== side.person.id && !isAdministrator(memberOf(side.group, side.person.id)))
    throw new PeopleApiError(409, "Only an administrator of the group deletes others' messages")
  world.conversations.delete(chatOf(world, side), id)
}

export function markRead(world: World, side: Side): void {
  const chat = chatOf(world, side)
  const reader = isGroup(chat) ? memberOf(chat, side.person.id) : chat
  const last = world.messages.latest(...placeOf(chat), 1).at(0)
  if (!last || !reader || reader.read === last.message_id) return
  reader.read = last.message_id
  if (isGroup(chat)) world.groups.save(chat)
  else world.conversations.changed(chat)
}
