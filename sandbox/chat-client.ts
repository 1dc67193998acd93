import type { Contact } from 'grammy/types'
import type { ChatView, GroupView, OpenChat } from './chat-view.ts'
import { type EventStream, until } from './event-stream.ts'
import type { CallbackAnswer, SeenMessage } from './events.ts'
import { findButton, holds, type Pattern, printChat } from './in-chat.ts'
import type { Person } from './people.ts'
import { callSandbox } from './sandbox-call.ts'

export interface Connection {
  url: string
  person: Person
  stream: EventStream
}

/** How a test calls a chat, and the id that it has for the person; the id of a group changes when it is migrated. */
export interface Named {
  name: string
  peer(): Promise<number>
}

const patience = 10_000

/**
 * What a person does in any chat. It resolves when the sandbox has stored it; `sees` waits for the others.
 * A message counts as seen once a `sees` has found it or a later one.
 */
export abstract class ChatClient<View extends ChatView | GroupView> {
  readonly #connection: Connection
  readonly #named: Named
  /** How many of the news with a peer were seen. */
  readonly #seen = new Map<number, number>()

  constructor(connection: Connection, named: Named) {
    this.#connection = connection
    this.#named = named
  }

  async sends(text: string, { replyTo }: { replyTo?: number } = {}): Promise<SeenMessage> {
    return this.post('/messages', { text, ...(replyTo !== undefined && { reply_to: replyTo }) })
  }

  /** The own phone number, or somebody else's. */
  async sendsContact(contact: true | Pick<Contact, 'phone_number' | 'first_name'> = true): Promise<SeenMessage> {
    return this.post('/messages', { contact })
  }

  async sendsSticker(emoji = '👍'): Promise<SeenMessage> {
    return this.post('/messages', { sticker: emoji })
  }

  /** A PNG, JPEG, GIF or WebP picture. */
  async sendsPhoto(bytes: Uint8Array<ArrayBuffer>, caption = ''): Promise<SeenMessage> {
    return this.#sendsFile('photo', new File([bytes], 'photo'), caption)
  }

  async sendsDocument(name: string, bytes: Uint8Array<ArrayBuffer>, caption = ''): Promise<SeenMessage> {
    return this.#sendsFile('document', new File([bytes], name), caption)
  }

  async edits(messageId: number, text: string): Promise<SeenMessage> {
    return this.call('PATCH', `/messages/${messageId}`, { text })
  }

  async deletes(messageId: number): Promise<void> {
    await this.call('DELETE', `/messages/${messageId}`)
  }

  async messages(): Promise<SeenMessage[]> {
    return (await this.view()).messages
  }

  /** The chat as a client shows it: with its keyboard, its command menu, whether the bot is typing. */
  async view(): Promise<View> {
    return this.call('GET', '')
  }

  /**
   * Waits for somebody else's message that was not seen yet, also an edited one, whose text, caption, a button's label or
   * the words of a service message hold the pattern. Throws after `within` milliseconds, with the chat as it is then.
   */
  async sees(pattern: Pattern, { within = patience }: { within?: number } = {}): Promise<SeenMessage> {
    const found = await this.#until(within, async () => {
      const peer = await this.#named.peer()
      const news = this.#newsFrom(peer)
      const at = news.findIndex((message) => !message.outgoing && holds(message, pattern))
      if (at < 0) return undefined
      this.#seen.set(peer, (this.#seen.get(peer) ?? 0) + at + 1)
      return news[at]
    })
    return found ?? this.#fail(`saw nothing new that holds ${pattern}`, within)
  }

  /** Throws if anybody else says anything, or has said anything that was not seen yet. */
  async seesNothing({ for: milliseconds = 300 }: { for?: number } = {}): Promise<void> {
    const heard = await this.#until(milliseconds, async () =>
      this.#newsFrom(await this.#named.peer()).find(({ outgoing }) => !outgoing),
    )
    if (heard) return this.#fail(`wanted to see nothing, but saw message ${heard.message_id}`, milliseconds)
  }

  /**
   * Presses the button with this label: of the newest message that has it, else of the reply keyboard; waits for it to
   * appear. Resolves to the bot's answer to the press; null if it gives none, and for a reply keyboard.
   */
  async presses(label: Pattern, { within = patience }: { within?: number } = {}): Promise<CallbackAnswer | null> {
    const button = await this.#until(within, async () =>
      findButton(await this.call<OpenChat>('GET', '?limit=100'), label),
    )
    if (!button) return this.#fail(`found no button ${label}`, within)
    if ('row' in button) {
      const { messageId, row, column } = button
      const path = `/messages/${messageId}/press?wait=${Math.min(within, 60_000)}`
      return (await this.post<{ answer: CallbackAnswer | null }>(path, { row, column })).answer
    }
    await (button.contact ? this.sendsContact() : this.sends(button.text))
    return null
  }

  #newsFrom(peer: number): readonly SeenMessage[] {
    return this.#connection.stream.messagesWith(peer).slice(this.#seen.get(peer) ?? 0)
  }

  #until<T>(milliseconds: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
    return until(this.#connection.stream, milliseconds, look)
  }

  async #fail(what: string, milliseconds: number): Promise<never> {
    const { person } = this.#connection
    const chat = printChat(await this.view())
    throw new Error(`${person.first_name} ${what} in ${this.#named.name} within ${milliseconds} ms:\n${chat}`)
  }

  #sendsFile(kind: 'photo' | 'document', file: File, caption: string): Promise<SeenMessage> {
    const form = new FormData()
    form.set('caption', caption)
    form.set(kind, file)
    return this.post('/messages', form)
  }

  protected post<T>(path: string, body: object): Promise<T> {
    return this.call('POST', path, body)
  }

  protected async call<T>(method: string, path: string, body?: object): Promise<T> {
    const { url, person } = this.#connection
    return callSandbox(url, method, `/people/${person.id}/chats/${await this.#named.peer()}${path}`, body)
  }
}
