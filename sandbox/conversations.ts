import type { Message, ReplyKeyboardMarkup } from 'grammy/types'
import type { Chat, Chats } from './chats.ts'
import type { Events, SeenMessage } from './events.ts'
import type { Messages } from './messages.ts'

export type MessageContent = Omit<Message, 'message_id' | 'chat' | 'date'> & Pick<Message, 'chat'>

/** What either side does to a chat: its message is stored, the chat follows, the person's clients hear of it. */
export class Conversations {
  readonly #chats: Chats
  readonly #messages: Messages
  readonly #events: Events

  constructor(chats: Chats, messages: Messages, events: Events) {
    this.#chats = chats
    this.#messages = messages
    this.#events = events
  }

  put(chat: Chat, sender: number, content: MessageContent): Message {
    const { message, seq } = this.#messages.add(chat.bot, chat.person, sender, { date: nowInSeconds(), ...content })
    chat.lastSeq = seq
    if (sender === chat.bot) this.#chats.setTyping(chat, false)
    this.#events.publish({ event: 'message', ...namesOf(chat), message: seenBy(chat.person, message) })
    return message
  }

  replace(chat: Chat, before: Message, after: Message): void {
    this.#messages.replace(chat.bot, chat.person, before, after)
    this.#events.publish({ event: 'message', ...namesOf(chat), message: seenBy(chat.person, after), edited: true })
  }

  delete(chat: Chat, id: number): void {
    this.#messages.delete(chat.bot, chat.person, id)
    this.#events.publish({ event: 'deleted', ...namesOf(chat), ids: [id] })
  }

  setKeyboard(chat: Chat, keyboard: ReplyKeyboardMarkup | undefined): void {
    if (!keyboard && !chat.keyboard) return
    if (keyboard) chat.keyboard = keyboard
    else delete chat.keyboard
    this.changed(chat)
  }

  showTyping(chat: Chat): void {
    this.#chats.setTyping(chat, true)
    this.#events.publish({ event: 'typing', ...namesOf(chat) })
  }

  /** Stores the chat's own state and tells of it. */
  changed(chat: Chat): void {
    this.#chats.save(chat)
    this.#events.publish({ event: 'chat', ...namesOf(chat) })
  }
}

export function seenBy(person: number, message: Message): SeenMessage {
  return { ...message, outgoing: message.from?.id === person }
}

export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

function namesOf(chat: Chat): { person: number; peer: number } {
  return { person: chat.person, peer: chat.bot }
}
