import type { Message, ReplyKeyboardMarkup } from 'grammy/types'
import { type AnyChat, isGroup, onlookersOf, placeOf } from './any-chat.ts'
import type { Chats } from './chats.ts'
import type { Events, SandboxEvent, SeenMessage } from './events.ts'
import type { Groups } from './groups.ts'
import type { Messages } from './messages.ts'
import { serviceText } from './service-text.ts'
import type { Typing } from './typing.ts'

export type MessageContent = Omit<Message, 'message_id' | 'chat' | 'date'> & Pick<Message, 'chat'>

interface Parts {
  chats: Chats
  groups: Groups
  typing: Typing
  messages: Messages
  events: Events
}

/** What anybody does to a chat: its message is stored, the chat follows, the clients of the people in it hear of it. */
export class Conversations {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  put(chat: AnyChat, sender: number, content: MessageContent): Message {
    const { messages, typing } = this.#parts
    const { message, seq } = messages.add(...placeOf(chat), sender, { date: nowInSeconds(), ...content })
    chat.lastSeq = seq
    if (message.from?.is_bot) typing.end(chat)
    this.#tellOf(chat, message)
    return message
  }

  replace(chat: AnyChat, before: Message, after: Message): void {
    this.#parts.messages.replace(...placeOf(chat), before, after)
    this.#tellOf(chat, after, { edited: true })
  }

  delete(chat: AnyChat, id: number): void {
    this.#parts.messages.delete(...placeOf(chat), id)
    this.#tell(chat, { event: 'deleted', ids: [id] })
  }

  setKeyboard(chat: AnyChat, keyboard: ReplyKeyboardMarkup | undefined): void {
    if (!keyboard && !chat.keyboard) return
    if (keyboard) chat.keyboard = keyboard
    else delete chat.keyboard
    this.changed(chat)
  }

  showTyping(chat: AnyChat): void {
    this.#parts.typing.show(chat)
    this.#tell(chat, { event: 'typing' })
  }

  /** Stores the chat's own state and tells of it. */
  changed(chat: AnyChat): void {
    if (isGroup(chat)) this.#parts.groups.save(chat)
    else this.#parts.chats.save(chat)
    this.#tell(chat, { event: 'chat' })
  }

  #tellOf(chat: AnyChat, message: Message, more: { edited?: true } = {}): void {
    for (const names of onlookersOf(chat))
      this.#parts.events.publish({ event: 'message', ...names, message: seenBy(names.person, message), ...more })
  }

  #tell(chat: AnyChat, what: { event: 'deleted'; ids: number[] } | { event: 'typing' } | { event: 'chat' }): void {
    for (const names of onlookersOf(chat)) this.#parts.events.publish({ ...names, ...what } as SandboxEvent)
  }
}

export function seenBy(person: number, message: Message): SeenMessage {
  const service = serviceText(message)
  return { ...message, outgoing: message.from?.id === person, ...(service && { service }) }
}

export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
