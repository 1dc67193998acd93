import type { Update } from 'grammy/types'

/** A bot without a library: a test calls its methods and takes its updates one by one. */
export class RawBot {
  readonly #root: string
  #offset = 0

  constructor(url: string, token: string) {
    this.#root = `${url}/bot${token}`
  }

  /** Makes sure of a bot in the sandbox at `url`. */
  static async in(url: string, name: string, username: string): Promise<RawBot> {
    const response = await fetch(`${url}/api/bots`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, username }),
    })
    const { token } = (await response.json()) as { token: string }
    return new RawBot(url, token)
  }

  async call<T = unknown>(method: string, parameters: object = {}): Promise<T> {
    const response = await fetch(`${this.#root}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
    })
    const answer = (await response.json()) as { ok: boolean; result: T; description?: string }
    if (!answer.ok) throw new Error(`${method}: ${answer.description}`)
    return answer.result
  }

  /** The next update, waited for up to ten seconds. */
  async hears(): Promise<Update> {
    const [update] = await this.call<Update[]>('getUpdates', { offset: this.#offset, limit: 1, timeout: 10 })
    if (!update) throw new Error('The bot heard nothing')
    this.#offset = update.update_id + 1
    return update
  }

  /** The text of the next update, which must be a message. */
  async hearsText(): Promise<string | undefined> {
    return (await this.hears()).message?.text
  }
}
