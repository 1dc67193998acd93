/** One lane per chat: what belongs to a chat is done in order, one at a time; chats do not wait for each other. */
export class Lanes {
  readonly #ends = new Map<string, Promise<void>>()

  /** Puts a task at the end of a lane. It must not reject: it belongs to nobody any more. */
  push(lane: string, task: () => Promise<void>): void {
    const end = (this.#ends.get(lane) ?? Promise.resolve()).then(task).finally(() => {
      if (this.#ends.get(lane) === end) this.#ends.delete(lane)
    })
    this.#ends.set(lane, end)
  }

  /** Resolves when every lane is empty. */
  async drained(): Promise<void> {
    while (this.#ends.size > 0) await Promise.all(this.#ends.values())
  }
}
