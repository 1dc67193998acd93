import type { Contact } from 'grammy/types'
import type { ChatView } from './chat-view.ts'
import type { EventStream } from './event-stream.ts'
import type { CallbackAnswer, SeenMessage } from './events.ts'
import { findButton, holds, type Pattern, printChat } from './in-chat.ts'
import type { Person } from './people.ts'
import { callSandbox } from './sandbox-call.ts'

interface Connection {
  url: string
  person: Person
  username: string
  stream: EventStream
}

const patience = 5_000

/**
 * A person's chat with a bot. What a person does resolves when the sandbox has stored it; `sees` waits for the bot.
 * A message counts as seen once a `sees` has found it or a later one.
 */
export class PersonChat {
  readonly #connection: Connection
  #peer: number | undefined
  #seen = 0

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async start(payload?: string): Promise<SeenMessage> {
    return this.#post('/start', payload === undefined ? {} : { payload })
  }

  async stops(): Promise<void> {
    await this.#post('/stop', {})
  }

  async sends(text: string, { replyTo }: { replyTo?: number } = {}): Promise<SeenMessage> {
    return this.#post('/messages', { text, ...(replyTo !== undefined && { reply_to: replyTo }) })
  }

  /** The own phone number, or somebody else's. */
  async sendsContact(contact: true | Pick<Contact, 'phone_number' | 'first_name'> = true): Promise<SeenMessage> {
    return this.#post('/messages', { contact })
  }

  async sendsSticker(emoji = '👍'): Promise<SeenMessage> {
    return this.#post('/messages', { sticker: emoji })
  }

  /** A PNG, JPEG, GIF or WebP picture. */
  async sendsPhoto(bytes: Uint8Array<ArrayBuffer>, caption = ''): Promise<SeenMessage> {
    return this.#sendsFile('photo', new File([bytes], 'photo'), caption)
  }

  async sendsDocument(name: string, bytes: Uint8Array<ArrayBuffer>, caption = ''): Promise<SeenMessage> {
    return this.#sendsFile('document', new File([bytes], name), caption)
  }

  async edits(messageId: number, text: string): Promise<SeenMessage> {
    return this.#call('PATCH', `/messages/${messageId}`, { text })
  }

  async deletes(messageId: number): Promise<void> {
    await this.#call('DELETE', `/messages/${messageId}`)
  }

  async messages(): Promise<SeenMessage[]> {
    return (await this.view()).messages
  }

  /** The chat as a client shows it: with its keyboard, its command menu, whether the bot is typing. */
  async view(): Promise<ChatView> {
    return this.#call('GET', '')
  }

  /**
   * Waits for a message of the bot that was not seen yet, also an edited one, whose text, caption or a button's label holds
   * the pattern. Throws after `within` milliseconds, with the chat as it is then.
   */
  async sees(pattern: Pattern, { within = patience }: { within?: number } = {}): Promise<SeenMessage> {
    const found = await this.#until(within, async () => {
      const news = await this.#news()
      const at = news.findIndex((message) => !message.outgoing && holds(message, pattern))
      if (at < 0) return undefined
      this.#seen += at + 1
      return news[at]
    })
    return found ?? this.#fail(`saw nothing new that holds ${pattern}`, within)
  }

  /** Throws if the bot says anything, or has said anything that was not seen yet. */
  async seesNothing({ for: milliseconds = 300 }: { for?: number } = {}): Promise<void> {
    const heard = await this.#until(milliseconds, async () => (await this.#news()).find(({ outgoing }) => !outgoing))
    if (heard) return this.#fail(`wanted to see nothing, but saw message ${heard.message_id}`, milliseconds)
  }

  /**
   * Presses the button with this label: of the newest message that has it, else of the reply keyboard; waits for it to
   * appear. Resolves to the bot's answer to the press; null if it gives none, and for a reply keyboard.
   */
  async presses(label: Pattern, { within = patience }: { within?: number } = {}): Promise<CallbackAnswer | null> {
    const button = await this.#until(within, async () => findButton(await this.#call('GET', '?limit=100'), label))
    if (!button) return this.#fail(`found no button ${label}`, within)
    if ('row' in button) {
      const { messageId, row, column } = button
      const path = `/messages/${messageId}/press?wait=${Math.min(within, 60_000)}`
      return (await this.#post<{ answer: CallbackAnswer | null }>(path, { row, column })).answer
    }
    await (button.contact ? this.sendsContact() : this.sends(button.text))
    return null
  }

  async #news(): Promise<readonly SeenMessage[]> {
    return this.#connection.stream.messagesWith(await this.#peerId()).slice(this.#seen)
  }

  async #until<T>(milliseconds: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
    const end = performance.now() + milliseconds
    for (;;) {
      const { version } = this.#connection.stream
      const found = await look()
      const left = end - performance.now()
      if (found !== undefined || left <= 0) return found
      await this.#connection.stream.next(version, left)
    }
  }

  async #fail(what: string, milliseconds: number): Promise<never> {
    const { person, username } = this.#connection
    const chat = printChat(await this.view())
    throw new Error(`${person.first_name} ${what} in the chat with @${username} within ${milliseconds} ms:\n${chat}`)
  }

  #sendsFile(kind: 'photo' | 'document', file: File, caption: string): Promise<SeenMessage> {
    const form = new FormData()
    form.set('caption', caption)
    form.set(kind, file)
    return this.#post('/messages', form)
  }

  #post<T>(path: string, body: object): Promise<T> {
    return this.#call('POST', path, body)
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const { url, person } = this.#connection
    return callSandbox(url, method, `/people/${person.id}/chats/${await this.#peerId()}${path}`, body)
  }

  async #peerId(): Promise<number> {
    this.#peer ??= await this.#findPeer()
    return this.#peer
  }

  async #findPeer(): Promise<number> {
    const { url, username } = this.#connection
    const bots: { id: number; username: string }[] = await callSandbox(
      url,
      'GET',
      `/search?q=${encodeURIComponent(username)}`,
    )
    const bot = bots.find((one) => one.username.toLowerCase() === username)
    if (!bot) throw new Error(`The sandbox has no bot @${username}`)
    return bot.id
  }
}
