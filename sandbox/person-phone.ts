import type { Connection } from './chat-client.ts'
import { until } from './event-stream.ts'
import { matches, type Pattern } from './in-chat.ts'
import { callSandbox } from './sandbox-call.ts'
import type { TextMessage } from './text-messages.ts'

const patience = 10_000

/** The phone of a connected person. An SMS counts as read once a `receives` has found it or a later one. */
export class PersonPhone {
  readonly #connection: Connection
  #read = 0

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** All SMS that the phone ever received, in order. */
  messages(): Promise<TextMessage[]> {
    const { url, person } = this.#connection
    return callSandbox(url, 'GET', `/people/${person.id}/sms`)
  }

  /** Waits for an SMS that was not read yet and holds the pattern. Throws after `within` milliseconds, with what there is then. */
  async receives(pattern: Pattern, { within = patience }: { within?: number } = {}): Promise<TextMessage> {
    const { stream, person } = this.#connection
    const found = await until(stream, within, async () => {
      const news = stream.textMessages.slice(this.#read)
      const at = news.findIndex(({ text }) => matches(text, pattern))
      if (at >= 0) this.#read += at + 1
      return news[at]
    })
    if (found) return found
    const there = (await this.messages()).map(({ text }) => `\n  ${text}`).join('')
    throw new Error(`${person.first_name} received no new SMS that holds ${pattern} within ${within} ms:${there}`)
  }
}
