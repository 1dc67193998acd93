/** How long "typing" shows after a chat action, as in Telegram's clients. */
const shownFor = 5_000

/** The chats where a bot is typing; not stored. */
export class Typing {
  readonly #until = new Map<object, number>()

  show(chat: object): void {
    this.#until.set(chat, Date.now() + shownFor)
  }

  end(chat: object): void {
    this.#until.delete(chat)
  }

  showsIn(chat: object): boolean {
    const until = this.#until.get(chat)
    if (until === undefined || until > Date.now()) return until !== undefined
    this.#until.delete(chat)
    return false
  }
}
