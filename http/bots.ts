import type { ApiKeyRecord } from '../models/api-key.ts'
import { Bot, type BotRecord } from '../models/bot.ts'
import { changes } from '../models/changes.ts'
import { HttpFailure } from './failure.ts'
import { Remembered } from './remembered.ts'

/** The bots that calls name. Remembered for a second, as another process may change them; our own changes count at once. */
export class BotDirectory {
  readonly #known = new Remembered<BotRecord | null>({ forMs: 1000, most: 10_000 })
  readonly #forget = () => this.#known.forget()

  constructor() {
    changes.on('bots', this.#forget)
  }

  close(): void {
    changes.off('bots', this.#forget)
  }

  /** @throws HttpFailure 403 when the key has no right to it, 404 when it does not exist and the key may use all bots */
  async forCaller({ server, bots }: ApiKeyRecord, name: string): Promise<BotRecord> {
    const bot = await this.#named(server, name)
    if (bots && !(bot && bots.some((one) => one.equals(bot._id)))) throw new HttpFailure(403, 'api.forbidden')
    if (!bot) throw new HttpFailure(404, 'api.botNotFound')
    return bot
  }

  #named(server: string, name: string): Promise<BotRecord | null> {
    // BSON's regular expressions end at a NUL, and no name has one.
    if (name.includes('\0')) return Promise.resolve(null)
    return this.#known.get(`${server} ${name.toLowerCase()}`, () => Bot.named(server, name).exec())
  }
}
