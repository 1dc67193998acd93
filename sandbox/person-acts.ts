import type { Contact, InlineKeyboardButton, Message, Sticker } from 'grammy/types'
import { findEntities } from '../bot-api/found-entities.ts'
import { limits, startPayloadPattern } from '../bot-api/limits.ts'
import { asReplied } from './bot-methods/put-message.ts'
import { privateChat } from './bot-methods/target-chat.ts'
import { type Bot, asUser as botAsUser } from './bots.ts'
import type { Chat } from './chats.ts'
import { nowInSeconds } from './conversations.ts'
import { PeopleApiError } from './failures.ts'
import { asAttachment, type FileKind, type Upload } from './files.ts'
import { asUser, type Person } from './people.ts'
import { stickerOf } from './sticker.ts'
import type { World } from './world.ts'

/** A person in the chat with a bot: what every act of a person needs. */
export interface Side {
  person: Person
  bot: Bot
}

/** Presses Start; a stopped bot hears first that it is let in again. */
export function start(world: World, side: Side, payload = ''): Message {
  if (payload && !startPayloadPattern.test(payload))
    throw new PeopleApiError(400, `A start payload has 1 to ${limits.startPayload} characters of A-Z a-z 0-9 _ -`)
  const chat = world.chats.open(side.bot.id, side.person.id)
  if (chat.stopped) setStopped(world, side, chat, false)
  return put(world, side, textContent(payload ? `/start ${payload}` : '/start'))
}

export function stop(world: World, side: Side): void {
  const chat = world.chats.open(side.bot.id, side.person.id)
  if (!chat.stopped) setStopped(world, side, chat, true)
}

export function sendText(world: World, side: Side, text: string, replyTo?: number): Message {
  const content = textContent(checkedText(text))
  if (replyTo === undefined) return put(world, side, content)
  return put(world, side, { ...content, reply_to_message: asReplied(messageOf(world, side, replyTo)) })
}

/** `true` shares the own number, as a press on a contact button does; else somebody else's, without an account. */
export function sendContact(world: World, side: Side, contact: true | Contact): Message {
  const { id, first_name, last_name, phone } = side.person
  const own = { phone_number: phone.replace('+', ''), first_name, ...(last_name && { last_name }), user_id: id }
  return put(world, side, { contact: contact === true ? own : contact })
}

export function sendSticker(world: World, side: Side, emoji: string): Message {
  const sticker: Sticker = stickerOf(emoji)
  return put(world, side, { sticker })
}

export function sendFile(
  world: World,
  side: Side,
  kind: FileKind,
  { upload, caption }: { upload: Upload; caption: string },
): Message {
  if (caption.length > limits.caption)
    throw new PeopleApiError(400, `A caption has at most ${limits.caption} characters`)
  writableChat(world, side)
  const file = world.files.add(side.bot.id, kind, upload)
  if (!file) throw new PeopleApiError(400, 'This is no PNG, JPEG, GIF or WebP picture; send it as a document')
  const entities = findEntities(caption)
  return put(world, side, {
    ...asAttachment(file),
    ...(caption && { caption }),
    ...(entities.length > 0 && { caption_entities: entities }),
  })
}

export function editText(world: World, side: Side, id: number, text: string): Message {
  const chat = writableChat(world, side)
  const before = messageOf(world, side, id)
  if (before.from?.id !== side.person.id || before.text === undefined)
    throw new PeopleApiError(400, 'Only the text of an own message can be edited')
  const { entities: _, ...rest } = before
  const after = { ...rest, ...textContent(checkedText(text)), edit_date: nowInSeconds() }
  world.conversations.replace(chat, before, after)
  world.updates.add(side.bot, 'edited_message', { edited_message: after as never })
  return after
}

/** A bot does not hear of it, as in Telegram. */
export function deleteOne(world: World, side: Side, id: number): void {
  messageOf(world, side, id)
  world.conversations.delete(world.chats.open(side.bot.id, side.person.id), id)
}

/** Presses a button by its data or its place, answers with the id of the query. */
export function press(
  world: World,
  side: Side,
  id: number,
  button: { data: string } | { row: number; column: number },
): string {
  const chat = writableChat(world, side)
  const message = messageOf(world, side, id)
  const rows = message.reply_markup?.inline_keyboard ?? []
  const found =
    'data' in button ? rows.flat().find((one) => dataOf(one) === button.data) : rows[button.row]?.[button.column]
  if (!found) throw new PeopleApiError(404, 'This message has no such button')
  const data = dataOf(found)
  if (data === undefined)
    throw new PeopleApiError(400, 'This button sends nothing to the bot: it is for the client to follow')
  const queryId = world.queries.add(chat)
  world.updates.add(side.bot, 'callback_query', {
    callback_query: {
      id: queryId,
      from: asUser(side.person),
      message,
      chat_instance: `${side.bot.id}${side.person.id}`,
      data,
    },
  })
  return queryId
}

export function markRead(world: World, side: Side): void {
  const chat = world.chats.get(side.bot.id, side.person.id)
  const last = chat && world.messages.latest(side.bot.id, side.person.id, 1).at(0)
  if (!last || chat.read === last.message_id) return
  chat.read = last.message_id
  world.conversations.changed(chat)
}

function put(world: World, side: Side, content: Partial<Message>): Message {
  const chat = writableChat(world, side)
  if (!chat.started) {
    chat.started = true
    world.conversations.changed(chat)
  }
  const message = world.conversations.put(chat, side.person.id, {
    from: asUser(side.person),
    chat: privateChat(side.person),
    ...content,
  })
  chat.read = message.message_id
  world.updates.add(side.bot, 'message', { message: message as never })
  return message
}

function writableChat({ chats }: World, { person, bot }: Side): Chat {
  if (bot.deleted) throw new PeopleApiError(409, `@${bot.username} was deleted`)
  const chat = chats.open(bot.id, person.id)
  if (chat.stopped)
    throw new PeopleApiError(409, `${person.first_name} stopped @${bot.username}; start it again to write to it`)
  return chat
}

function messageOf({ messages }: World, { person, bot }: Side, id: number): Message {
  const message = messages.get(bot.id, person.id, id)
  if (!message) throw new PeopleApiError(404, `This chat has no message ${id}`)
  return message
}

function setStopped(world: World, { person, bot }: Side, chat: Chat, stopped: boolean): void {
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

function checkedText(text: string): string {
  const trimmed = text.trim()
  if (!trimmed) throw new PeopleApiError(400, 'A message needs a text')
  if (trimmed.length > limits.text) throw new PeopleApiError(400, `A message has at most ${limits.text} characters`)
  return trimmed
}

function textContent(text: string): Pick<Message, 'text' | 'entities'> {
  const entities = findEntities(text)
  return { text, ...(entities.length > 0 && { entities }) }
}

function dataOf(button: InlineKeyboardButton): string | undefined {
  return 'callback_data' in button ? button.callback_data : undefined
}
